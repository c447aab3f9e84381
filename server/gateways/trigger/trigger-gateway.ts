import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Counters } from '../../telemetry/counters.ts';
import type { OpenGateway } from '../gateway.ts';
import { TriggerSession } from './trigger-session.ts';

/** `/trigger`: document channels with three kinds of broadcast (S1 §6). */
export class TriggerGateway implements OpenGateway {
  readonly name = 'trigger';
  readonly #hub: Hub;
  readonly #counters: Counters;
  readonly #maxJoins: number;

  /** `maxJoins`: documents one connection may be in; 0 lifts it. */
  constructor(hub: Hub, counters: Counters, maxJoins: number) {
    this.#hub = hub;
    this.#counters = counters;
    this.#maxJoins = maxJoins;
  }

  accept(connection: Connection): ConnectionHandler {
    return new TriggerSession(connection, this.#hub, this.#counters, this.#maxJoins);
  }
}
