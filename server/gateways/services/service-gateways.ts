import type { Authenticate } from '../../services/controller.ts';
import { isServiceName } from '../../services/service-name.ts';
import { isSessions, type Sessions } from '../../services/sessions.ts';
import { ServiceGateway, type ServiceSurroundings } from './service-gateway.ts';

/** What a server is told of its services. */
export interface ServicesOptions {
  readonly services?: ReadonlyMap<string, Sessions> | Readonly<Record<string, Sessions>>;
  readonly authenticate?: Authenticate;
}

/** One gateway for each service. */
export class ServiceGateways implements Iterable<ServiceGateway> {
  readonly #gateways: readonly ServiceGateway[];

  /** @throws TypeError for a name that cannot stand in a path, or something that is no controller. */
  constructor(
    { services = {}, authenticate }: ServicesOptions,
    surroundings: Omit<ServiceSurroundings, 'authenticate'>,
  ) {
    const entries = services instanceof Map ? [...services] : Object.entries(services);
    for (const [name, sessions] of entries) {
      if (!isServiceName(name)) throw new TypeError(`${JSON.stringify(name)} is no name for a service`);
      if (!isSessions(sessions)) throw new TypeError(`services.${name} is not what defineSessions() makes`);
    }
    const gateways: ServiceGateway[] = [];
    try {
      for (const [name, sessions] of entries) {
        gateways.push(new ServiceGateway(name, sessions, { ...surroundings, authenticate }));
      }
    } catch (error) {
      for (const gateway of gateways) gateway.stop();
      throw error;
    }
    this.#gateways = gateways;
  }

  [Symbol.iterator](): Iterator<ServiceGateway> {
    return this.#gateways[Symbol.iterator]();
  }
}
