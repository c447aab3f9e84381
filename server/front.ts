import type { Server } from 'node:http';
import type { Express } from 'express';
import { CloseCode } from '../protocol/close-codes.ts';
import { Heartbeats } from './connection/heartbeats.ts';
import type { QueuedConnection } from './connection/queued-connection.ts';
import { GatewayRoutes } from './http/gateway-routes.ts';
import { RequestRouter } from './http/request-router.ts';
import type { Limits } from './limits.ts';
import { errorText, type Logger } from './log.ts';
import type { SendToAll } from './transports/native/send-to-all.ts';
import type { Counters } from './telemetry/counters.ts';
import type { Sightings } from './telemetry/sightings.ts';
import { ConnectionRegistry } from './transports/connection-registry.ts';
import type { Endpoints } from './transports/endpoints.ts';
import { RefusedPages } from './transports/refused-pages.ts';
import { SessionsByAddress } from './transports/sessions-by-address.ts';
import { SocketBurst } from './transports/socket-burst.ts';
import { SocketIOTransport } from './transports/socketio-transport.ts';
import { SockJSTransport } from './transports/sockjs-transport.ts';
import type { TrustedProxies } from './transports/trusted-proxies.ts';
import { UpgradeRouter } from './transports/upgrade-router.ts';
import { WebSocketTransport } from './transports/websocket-transport.ts';
import { createWires } from './transports/wires.ts';

/** What the front leads to, and what it keeps to. */
export interface FrontOptions {
  readonly endpoints: Endpoints;
  /** Pages and API; absent where the server answers for some protocols alone. */
  readonly app: Express | undefined;
  readonly hasSocketIO: boolean;
  readonly counters: Counters;
  readonly sightings: Sightings;
  readonly proxies: TrustedProxies;
  readonly limits: Limits;
  readonly heartbeatMs: number;
  /** Where the addon was built and is wanted. */
  readonly sendToAll: SendToAll | undefined;
  readonly log: Logger;
}

/** What stands between HTTP servers and gateways: every transport, and the routers that lead to them. */
export class Front {
  readonly #registry: ConnectionRegistry;
  readonly #heartbeats: Heartbeats;
  readonly #socketio: SocketIOTransport | undefined;
  readonly #attach: (server: Server) => readonly { detach(): void }[];
  readonly #mounts = new Map<Server, readonly { detach(): void }[]>();

  constructor({
    endpoints,
    app,
    hasSocketIO,
    counters,
    sightings,
    proxies,
    limits,
    heartbeatMs,
    sendToAll,
    log,
  }: FrontOptions) {
    const registry = new ConnectionRegistry(counters, limits.connections);
    const heartbeats = new Heartbeats(heartbeatMs);
    const burst = sendToAll && new SocketBurst(sendToAll);
    const wires = createWires(burst);
    const surroundings = {
      counters,
      outboxLimit: limits.outbox,
      messageLimit: limits.message,
      // Two bodies: a client may send the next before the last is through.
      backlogLimit: limits.body * 2,
      onFault: (error: unknown) => log.error('a connection failed', { error: errorText(error) }),
      onGone: (connection: QueuedConnection<unknown>) => registry.remove(connection),
    };
    const sessions = new SessionsByAddress(limits.sessions);
    const overHttp = { ...surroundings, registry, heartbeatMs, bodyLimit: limits.body, sessions };
    const refusedPages = new RefusedPages(log);
    const websockets = new WebSocketTransport(wires, { ...surroundings, heartbeats, burst }, registry);
    const sockjs = new SockJSTransport({
      ...overHttp,
      heartbeats,
      wire: wires.http,
      refusedPages,
      log: (severity, line) => {
        // The package's faults are answers to what clients send, and could fill any log.
        if (severity === 'error') counters.ignore('sockjs', 'faulty-request');
        log.debug(line);
      },
    });
    const socketio = hasSocketIO
      ? new SocketIOTransport({ ...overHttp, endpoints, lineLimit: limits.connections, pace: limits })
      : undefined;
    const routes = new GatewayRoutes(counters, log);
    this.#registry = registry;
    this.#heartbeats = heartbeats;
    this.#socketio = socketio;
    this.#attach = (server) => [
      new UpgradeRouter(server, {
        websockets,
        socketio,
        endpoints,
        registry,
        counters,
        sightings,
        proxies,
        refusedPages,
      }),
      new RequestRouter(server, { endpoints, routes, sockjs, socketio, app, sightings, proxies }),
    ];
  }

  /** Answers on an HTTP server. Harmless to repeat. */
  mount(server: Server): void {
    if (!this.#mounts.has(server)) this.#mounts.set(server, this.#attach(server));
  }

  /** Closes every connection with 1001 and leaves the HTTP servers to whoever else listens there. */
  async close(): Promise<void> {
    await this.#registry.drain(CloseCode.goingAway, 'server going away', DRAIN_MS);
    this.#socketio?.close();
    this.#heartbeats.stop();
    for (const router of [...this.#mounts.values()].flat()) router.detach();
  }
}

/** How long connections may take to say goodbye. */
const DRAIN_MS = 3000;
