import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CloseCode } from '../protocol/close-codes.ts';
import type { QueuedConnection } from './connection/queued-connection.ts';
import { HeartbeatWheel } from './connection/heartbeat-wheel.ts';
import { MemoryEngine } from './engines/memory/memory-engine.ts';
import { EchoGateway } from './gateways/echo/echo-gateway.ts';
import type { Gateway } from './gateways/gateway.ts';
import { LobbyGateway } from './gateways/lobby/lobby-gateway.ts';
import { MultiplexGateway } from './gateways/multiplex/multiplex-gateway.ts';
import type { RegisteredChannel } from './gateways/multiplex/registered-channel.ts';
import { RegisteredRoom } from './gateways/multiplex/registered-room.ts';
import { TopicRooms } from './gateways/multiplex/topic-rooms.ts';
import { OverviewGateway } from './gateways/overview/overview-gateway.ts';
import { RoomsGateway } from './gateways/rooms/rooms-gateway.ts';
import { ServiceGateways } from './gateways/services/service-gateways.ts';
import { StateRoomsGateway } from './gateways/state-rooms/state-rooms-gateway.ts';
import { TokensGateway } from './gateways/tokens/tokens-gateway.ts';
import { TriggerGateway } from './gateways/trigger/trigger-gateway.ts';
import { createApp } from './http/app.ts';
import { GatewayRoutes } from './http/gateway-routes.ts';
import { ServerOverview } from './http/overview.ts';
import { RequestRouter } from './http/request-router.ts';
import { Hub } from './hub/hub.ts';
import { findInstallation } from './installation.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { listenError } from './listen-error.ts';
import { silentLogger } from './log.ts';
import type { ServerOptions } from './options.ts';
import { roomControl, type RoomControl } from './room-control.ts';
import { Counters } from './telemetry/counters.ts';
import type { TokenBroker } from './token-broker.ts';
import { ConnectionRegistry } from './transports/connection-registry.ts';
import { Endpoints } from './transports/endpoints.ts';
import { OriginPolicy } from './transports/origin-policy.ts';
import { SessionsByAddress } from './transports/sessions-by-address.ts';
import { SocketIOTransport } from './transports/socketio-transport.ts';
import { SockJSTransport } from './transports/sockjs-transport.ts';
import { UpgradeRouter } from './transports/upgrade-router.ts';
import { WebSocketTransport } from './transports/websocket-transport.ts';
import { createWires } from './transports/wires.ts';

/** A running Roomplex. */
export interface RoomplexServer extends RoomControl {
  readonly httpServer: Server;
  /** Where the protocols answer: `/multiplex`, `/layout`, … */
  readonly paths: readonly string[];
  /**
   * A private channel on `/multiplex`, for server code to speak on.
   *
   * @throws Error when the name is taken and `replace` is not set.
   */
  registerChannel(name: string, options?: { readonly replace?: boolean }): RegisteredChannel;
  /** Ends a registered channel for everyone in it. False when there was none. */
  unregisterChannel(name: string): boolean;
  /**
   * A room for server code to follow. `echo: false`: topic subscribers do not get their own messages.
   *
   * @throws Error when it is registered already.
   */
  registerRoom(name: string, options?: { readonly echo?: boolean }): RegisteredRoom;
  /** The token broker, when {@link ServerOptions.tokenBroker} asks for one. */
  readonly tokens: TokenBroker | undefined;
  /** Answers on one more HTTP server, which remains its owner's. Harmless to repeat. */
  mount(server: Server): void;
  /**
   * Listens on `host` (default `localhost`); port 0 takes any free one. Says which it was. Rejects with a sentence
   * and Node's `code`, such as `EADDRINUSE`, when it cannot.
   */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly host: string }>;
  /**
   * Drains: answers `/readyz` with 503, closes every connection with 1001, and stops listening if the HTTP
   * server is its own. Harmless to repeat.
   */
  close(): Promise<void>;
}

/**
 * Mounts Roomplex on an HTTP server: the composition root, where engine, hub, gateways, transports and HTTP
 * meet. Requests that are not ours go on to the listeners the server already has; without a server, one is
 * made.
 */
export function createServer(target: Server | null = null, options: ServerOptions = {}): RoomplexServer {
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const log = options.log ?? silentLogger;
  const heartbeatMs = options.heartbeatMs ?? 25_000;
  const installation = findInstallation();
  const counters = new Counters();
  const { hooks = {}, hookTimeoutMs = 10_000, roomGraceMs } = options;
  const hub = new Hub(new MemoryEngine(), counters, limits, { hooks, hookTimeoutMs, roomGraceMs });
  const overview = new ServerOverview(hub, counters, installation.version, options.adminToken);

  const topicRooms = new TopicRooms(options.rooms === 'open', options.channels);
  const multiplex = new MultiplexGateway(hub, counters, limits, topicRooms);
  const common = { hub, counters, limits, log, membersOnly: options.membersOnly };
  const gateways: Gateway[] = [
    new RoomsGateway({ name: 'layout', isShared: true, ...common }),
    new RoomsGateway({ name: 'bus', isShared: false, ...common }),
    new LobbyGateway(common),
    new TriggerGateway(common),
    new StateRoomsGateway({
      ...common,
      hooks,
      hookTimeoutMs,
      helloTimeoutMs: options.stateRooms?.helloTimeoutMs ?? 5000,
      closeTimeoutMs: options.stateRooms?.closeTimeoutMs ?? 1000,
      answersRefusedHello: options.stateRooms?.answerRefusedHello ?? true,
      isLenient: options.stateRooms?.lenient ?? false,
      onFault: (error) => log.error('a leave hook failed', { error: stackOf(error) }),
    }),
    new EchoGateway('echo'),
    ...new ServiceGateways(options, { ...common, log, heartbeatMs }),
  ];
  let tokens: TokenBroker | undefined;
  if (options.tokenBroker) gateways.push((tokens = new TokensGateway(options.tokenBroker, common)));
  const { only } = options;
  const offered = [multiplex, ...gateways].filter(({ name }) => only === undefined || only.includes(name));
  for (const gateway of offered) if (gateway !== multiplex) multiplex.route(gateway);
  multiplex.builtIn(new EchoGateway('latency'));
  multiplex.builtIn(new OverviewGateway(overview));
  const endpoints = new Endpoints(options.origins);
  for (const gateway of offered) endpoints.add(gateway);

  const server = target ?? createHttpServer();
  const origins = new OriginPolicy(options.origins);
  const registry = new ConnectionRegistry(counters, limits.connections);
  const wheel = new HeartbeatWheel(heartbeatMs);
  const wires = createWires();
  const surroundings = {
    counters,
    outboxLimit: limits.outbox,
    messageLimit: limits.message,
    // Two bodies: a client may send the next before the last is through.
    backlogLimit: limits.body * 2,
    onFault: (error: unknown) => log.error('a connection failed', { error: stackOf(error) }),
    onGone: (connection: QueuedConnection<unknown>) => registry.remove(connection),
  };
  const sessions = new SessionsByAddress(limits.sessions);
  const websockets = new WebSocketTransport(wires, { ...surroundings, wheel }, registry);
  const sockjs = new SockJSTransport({
    ...surroundings,
    wire: wires.http,
    registry,
    heartbeatMs,
    bodyLimit: limits.body,
    sessions,
    log: (severity, line) => {
      // The package's faults are answers to what clients send, and could fill any log.
      if (severity === 'error') counters.ignore('sockjs', 'faulty-request');
      log.debug(line);
    },
  });
  const socketio = new SocketIOTransport({
    ...surroundings,
    endpoints,
    registry,
    heartbeatMs,
    bodyLimit: limits.body,
    lineLimit: limits.connections,
    sessions,
  });
  let isReady = true;
  const app = createApp({
    hub,
    counters,
    overview,
    origins,
    log,
    installation,
    web: options.web,
    busMessageLimit: limits.busMessage,
    isReady: () => isReady,
  });
  const whole = only === undefined ? { socketio, app } : {};
  const routes = new GatewayRoutes(counters, log);
  const mounts = new Map<Server, readonly { detach(): void }[]>();
  function mount(server: Server): void {
    if (mounts.has(server)) return;
    mounts.set(server, [
      new UpgradeRouter(server, { ...whole, websockets, endpoints, registry, counters }),
      new RequestRouter(server, endpoints, { ...whole, routes, sockjs }),
    ]);
  }
  mount(server);
  const started = hub.start();

  async function shutDown(): Promise<void> {
    isReady = false;
    await registry.drain(CloseCode.goingAway, 'server going away', DRAIN_MS);
    socketio.close();
    wheel.stop();
    for (const router of [...mounts.values()].flat()) router.detach();
    for (const gateway of gateways) gateway.stop?.();
    await hub.stop();
    if (target !== null || !server.listening) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  let closing: Promise<void> | undefined;
  const registeredRooms = new Map<string, RegisteredRoom>();
  return {
    ...roomControl(hub),
    mount,
    httpServer: server,
    paths: endpoints.paths(),
    tokens,
    registerChannel: (name, { replace = false } = {}) => multiplex.registerChannel(name, replace),
    unregisterChannel: (name) => multiplex.unregisterChannel(name),
    registerRoom: (name, { echo = true } = {}) => {
      if (registeredRooms.has(name)) throw new Error(`room "${name}" is registered already`);
      const room = new RegisteredRoom(name, hub);
      registeredRooms.set(name, room);
      topicRooms.add(name, echo);
      return room;
    },
    listen: async (port, host = 'localhost') => {
      await started;
      await new Promise<void>((resolve, reject) => {
        const refuse = (error: NodeJS.ErrnoException): void => reject(listenError(error, host, port));
        server.once('error', refuse);
        server.listen(port, host, () => {
          server.off('error', refuse);
          resolve();
        });
      });
      return { port: (server.address() as AddressInfo).port, host };
    },
    close: () => (closing ??= shutDown()),
  };
}

/** How long connections may take to say goodbye. */
const DRAIN_MS = 3000;

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
