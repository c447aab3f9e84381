import { CloseCode } from '../../../protocol/close-codes.ts';
import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import type { Authenticate, ServiceMethod, ServiceRequest } from '../../services/controller.ts';
import type { Sessions } from '../../services/sessions.ts';
import type { Counters } from '../../telemetry/counters.ts';
import type { Admission, AdmissionRequest, GuardedGateway } from '../gateway.ts';
import type { HttpAnswer, HttpRequest, HttpRoute } from '../http-exchange.ts';
import { isWelcome, settle, type SettledGrant } from './grant.ts';
import { IdleSweep } from './idle-sweep.ts';
import { LiveSessions } from './live-sessions.ts';
import { allowedMethods, methodFor } from './methods.ts';
import { httpAnswer } from './service-answer.ts';
import { serviceRequest, type RequestParts } from './service-request.ts';
import { sessionInfo } from './session-info.ts';
import { ServiceSession, type SessionTerms } from './service-session.ts';
import { sessionUser } from './session-user.ts';

/** What services consult. */
export interface ServiceSurroundings {
  readonly hub: Hub;
  readonly counters: Counters;
  readonly limits: ServiceLimits;
  readonly log: ServiceLog;
  /** Time between two heartbeats of a connection, in ms; 0 = none. */
  readonly heartbeatMs: number;
  /** For controllers that do not ask by themselves. */
  readonly authenticate?: Authenticate | undefined;
}

/** 0 lifts a limit. */
export interface ServiceLimits {
  /** Bytes of one message, and of one request body. */
  readonly serviceMessage: number;
  /** Bytes of messages of one session that may wait for the handler. */
  readonly serviceQueue: number;
  /** Groups one session may be in. */
  readonly joins: number;
}

/** Where a controller's faults are told. */
export interface ServiceLog {
  error(message: string, fields: Record<string, unknown>): void;
}

/** `/service/NAME`: one session controller, asked by HTTP, then told of what its sessions say (S3). */
export class ServiceGateway implements GuardedGateway {
  readonly name: string;
  readonly messageLimit: number;
  readonly slowConsumerCode = CloseCode.tryAgainLater;
  readonly judgesOrigins = true;
  readonly routes: readonly HttpRoute[];
  readonly #sessions: Sessions;
  readonly #surroundings: ServiceSurroundings;
  readonly #live: LiveSessions;
  readonly #idle: IdleSweep;
  readonly #terms: SessionTerms;
  readonly #unmount: () => void;

  /** @throws Error when the controller is mounted elsewhere. */
  constructor(service: string, sessions: Sessions, surroundings: ServiceSurroundings) {
    const { groups, idleMs = IDLE_MS } = sessions.definition;
    const { hub, counters, limits, heartbeatMs } = surroundings;
    this.name = `service/${service}`;
    this.messageLimit = limits.serviceMessage;
    this.routes = [
      {
        path: `/${this.name}`,
        bodyLimit: limits.serviceMessage,
        wants: () => true,
        changesSomething: (method) => !SAFE.has(method),
        answer: (request) => this.#answer(request),
      },
    ];
    this.#sessions = sessions;
    this.#surroundings = surroundings;
    this.#live = new LiveSessions({
      gateway: this.name,
      space: groups === 'shared' ? SHARED_SPACE : this.name,
      hub,
      maxGroups: limits.joins,
      onRefused: (error) => this.#report(error, 'sendToGroup'),
    });
    // Heartbeats are traffic: where they come more often, nothing is quiet for that long and still alive.
    const isCovered = heartbeatMs !== 0 && heartbeatMs <= idleMs;
    this.#idle = new IdleSweep(isCovered ? 0 : idleMs);
    this.#terms = {
      queueLimit: limits.serviceQueue,
      counters,
      handle: (event) => sessions.definition.webSocketEvent(event, sessions),
      onFault: (error, event) => this.#report(error, event),
      onEnd: (session) => this.#end(session),
    };
    this.#unmount = sessions.mount(this.#live);
  }

  stop(): void {
    this.#unmount();
  }

  async admit(asked: AdmissionRequest): Promise<Admission> {
    const parts = { ...asked, method: 'GET', webSocket: true, body: '' };
    return this.#ask(parts, (method, request) => this.#admit(method, request, asked));
  }

  async #admit(method: ServiceMethod, request: ServiceRequest, asked: AdmissionRequest): Promise<Admission> {
    const response = await method.call(this.#sessions.definition, request);
    const grant = response?.webSocket ?? false;
    if (grant === false) return httpAnswer(response);
    if (typeof grant !== 'object') throw new TypeError('webSocket must be an object');
    if (!isWelcome(grant, asked)) {
      return { status: 403, body: 'This origin is not allowed.\n' };
    }
    const settled = settle(grant, asked);
    return {
      subprotocol: settled.subProtocol,
      accept: (connection) => this.#open(connection, request, settled),
    };
  }

  #answer({ method, ...rest }: HttpRequest): Promise<HttpAnswer> {
    const parts = { ...rest, method, webSocket: false };
    return this.#ask(parts, async (serve, request) => {
      return httpAnswer(await serve.call(this.#sessions.definition, request));
    });
  }

  /** Finds the controller's function and who is asking; a fault of the controller's is a 500. */
  async #ask<Outcome>(
    parts: RequestParts,
    serve: (method: ServiceMethod, request: ServiceRequest) => Promise<Outcome>,
  ): Promise<Outcome | HttpAnswer> {
    const { definition } = this.#sessions;
    const method = methodFor(definition, parts.method);
    if (method === undefined) {
      return { status: 405, headers: { Allow: allowedMethods(definition) }, body: 'Method Not Allowed\n' };
    }
    try {
      const request = serviceRequest(parts);
      const authenticate = definition.authenticate ?? this.#surroundings.authenticate;
      const user = sessionUser(await authenticate?.(request));
      return await serve(method, Object.freeze(user === undefined ? request : { ...request, user }));
    } catch (error) {
      this.#report(error, parts.method);
      return { status: 500, body: 'Internal Server Error\n' };
    }
  }

  #open(connection: Connection, request: ServiceRequest, grant: SettledGrant): ConnectionHandler {
    const info = sessionInfo(connection.id, request, grant.subProtocol);
    const session = new ServiceSession(connection, info, grant.data, this.#terms);
    this.#live.add(session);
    this.#idle.add(session);
    try {
      for (const group of grant.groups) this.#live.addToGroup(group, connection.id);
    } catch (error) {
      this.#report(error, 'open');
      this.#end(session);
      connection.close(CloseCode.internalError, 'internal error');
      return UNTOLD;
    }
    session.open();
    return session;
  }

  #end(session: ServiceSession): void {
    this.#idle.remove(session);
    this.#live.remove(session);
  }

  #report(error: unknown, during: string): void {
    this.#surroundings.log.error('a session controller failed', { service: this.name, during, error });
  }
}

const IDLE_MS = 300_000;
/** Methods that change nothing. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A session that was never opened is not told of its end. */
const UNTOLD: ConnectionHandler = { message() {}, closed() {} };
