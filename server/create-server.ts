import { createServer as createHttpServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createEngine } from './engines/create-engine.ts';
import { EchoGateway } from './gateways/echo/echo-gateway.ts';
import type { Gateway } from './gateways/gateway.ts';
import { LobbyGateway } from './gateways/lobby/lobby-gateway.ts';
import { MultiplexGateway } from './gateways/multiplex/multiplex-gateway.ts';
import { RegisteredRoom } from './gateways/multiplex/registered-room.ts';
import { TopicRooms } from './gateways/multiplex/topic-rooms.ts';
import { OverviewGateway } from './gateways/overview/overview-gateway.ts';
import { RoomsGateway } from './gateways/rooms/rooms-gateway.ts';
import { ServiceGateways } from './gateways/services/service-gateways.ts';
import { StateRoomsGateway } from './gateways/state-rooms/state-rooms-gateway.ts';
import { TokensGateway } from './gateways/tokens/tokens-gateway.ts';
import { TriggerGateway } from './gateways/trigger/trigger-gateway.ts';
import { createApp } from './http/app.ts';
import { HTTP_TIMEOUTS } from './http-timeouts.ts';
import { ServerOverview } from './http/overview.ts';
import { Front } from './front.ts';
import { Hub } from './hub/hub.ts';
import { findInstallation } from './installation.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { listenError } from './listen-error.ts';
import { errorText, silentLogger } from './log.ts';
import { loadSendToAll } from './transports/native/send-to-all.ts';
import type { ServerOptions } from './options.ts';
import { roomControl } from './room-control.ts';
import type { RoomplexServer } from './roomplex-server.ts';
import { Counters } from './telemetry/counters.ts';
import { Sightings } from './telemetry/sightings.ts';
import type { TokenBroker } from './gateways/token-broker.ts';
import { Endpoints } from './transports/endpoints.ts';
import { OriginPolicy } from './transports/origin-policy.ts';
import { readProxyTrust } from './transports/proxy-trust.ts';
import { TrustedProxies } from './transports/trusted-proxies.ts';

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
  const sightings = new Sightings();
  const trust = readTrust(options.trustProxy);
  const { hooks = {}, hookTimeoutMs = 10_000, memberGraceMs, roomGraceMs } = options;
  const engine = createEngine({ limits, data: options.data, roomGraceMs, log, counters });
  const hub = new Hub(engine, counters, limits, { hooks, hookTimeoutMs, memberGraceMs });
  const overview = new ServerOverview(hub, counters, installation.version, options.adminToken);

  const topicRooms = new TopicRooms(options.rooms === 'open', options.channels);
  const multiplex = new MultiplexGateway(hub, counters, limits, topicRooms);
  const onFault = (error: unknown): void => log.error('server code failed', { error: errorText(error) });
  const common = { hub, counters, limits, log, onFault, membersOnly: options.membersOnly };
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

  let isReady = true;
  const isWhole = only === undefined;
  const front = new Front({
    endpoints,
    app: isWhole
      ? createApp({
          hub,
          counters,
          overview,
          origins: new OriginPolicy(options.origins),
          sightings,
          bodyLimit: limits.body,
          log,
          installation,
          web: options.web,
          busMessageLimit: limits.busMessage,
          pageLimit: limits.page,
          isReady: () => isReady && hub.isAvailable,
        })
      : undefined,
    hasSocketIO: isWhole,
    counters,
    sightings,
    proxies: new TrustedProxies(trust),
    limits,
    heartbeatMs,
    sendToAll: options.native === false ? undefined : loadSendToAll(installation.nativeRoot),
    log,
  });
  const server = target ?? createHttpServer(HTTP_TIMEOUTS);
  front.mount(server);
  const started = hub.start();
  // Told to whoever waits until it is ready; who does not finds everything refused.
  started.catch(() => undefined);

  async function shutDown(): Promise<void> {
    isReady = false;
    await front.close();
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
    mount: (other) => front.mount(other),
    ready: () => started,
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

function readTrust(trustProxy: ServerOptions['trustProxy'] = []): ReturnType<typeof readProxyTrust> {
  try {
    return readProxyTrust(trustProxy);
  } catch (error) {
    throw new TypeError(`trustProxy: ${(error as Error).message}`);
  }
}
