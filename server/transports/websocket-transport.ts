import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { isEntrance, type Entrance } from '../gateways/gateway.ts';
import { admissionRequest } from './admission-request.ts';
import type { EndpointMatch } from './endpoints.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import { LightWebSocket } from './light-websocket.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { readSessionWishes } from './session-wishes.ts';
import { UpgradeRequest } from './upgrade-request.ts';
import {
  RawWebSocketConnection,
  SockJSWebSocketConnection,
  type WebSocketConnection,
  type WebSocketSurroundings,
} from './websocket-connection.ts';
import type { Wires } from './wires.ts';

/** WebSocket upgrades, raw and with SockJS framing. Handshake, reading and closing are done by `ws`. */
export class WebSocketTransport {
  readonly #wires: Wires;
  readonly #surroundings: WebSocketSurroundings;
  readonly #registry: ConnectionRegistry;
  /** By the most bytes a frame may have. */
  readonly #servers = new Map<number, LightWebSocketServer>();

  constructor(wires: Wires, surroundings: WebSocketSurroundings, registry: ConnectionRegistry) {
    this.#wires = wires;
    this.#surroundings = surroundings;
    this.#registry = registry;
  }

  /** True when the rest of the path asks for a WebSocket: `P`, `P/websocket`, `P/SERVER/SESSION/websocket`. */
  owns(match: EndpointMatch): boolean {
    return isRaw(match.rest) || SOCKJS_PATH.test(match.rest);
  }

  upgrade(match: EndpointMatch, request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    // The server's own connections are sockets; the event's type only promises less.
    const socket = duplex as Socket;
    const { gateway } = match;
    if ('accept' in gateway) {
      const upgradeRequest = new UpgradeRequest(match, request, socket);
      this.#open(match, request, socket, head, {
        accept: (connection) => gateway.accept(connection, upgradeRequest),
      });
      return;
    }
    const isOriginAllowed = match.origins.judge(request) !== 'refused';
    const asked = admissionRequest(new UpgradeRequest(match, request, socket), request, isOriginAllowed);
    void (async () => gateway.admit(asked))().then(
      (admission) => {
        if (isEntrance(admission)) {
          subprotocols.set(request, admission.subprotocol ?? false);
          this.#open(match, request, socket, head, admission);
        } else {
          this.#surroundings.counters.ignore(gateway.name, 'not-admitted');
          refuseUpgrade(socket, admission);
        }
      },
      (error: unknown) => {
        this.#surroundings.onFault(error);
        refuseUpgrade(socket, { status: 500 });
      },
    );
  }

  #open(
    match: EndpointMatch,
    request: IncomingMessage,
    socket: Socket,
    head: Buffer,
    entrance: Entrance,
  ): void {
    const raw = isRaw(match.rest);
    const server = this.#server(raw, match.gateway.messageLimit ?? this.#surroundings.messageLimit);
    // The handshake and the frames that follow at once leave in one write.
    socket.cork();
    let accepted: WebSocketConnection | undefined;
    server.handleUpgrade(request, socket, head, (ws) => {
      const connection = raw ? this.#openRaw(match, ws, socket) : this.#openSockJS(match, ws, socket);
      this.#registry.add(connection);
      connection.handTo(entrance.accept(connection));
      accepted = connection;
    });
    socket.uncork();
    accepted?.start();
  }

  #openRaw({ gateway }: EndpointMatch, ws: LightWebSocket, socket: Socket): WebSocketConnection {
    return new RawWebSocketConnection(gateway, ws, socket, this.#wires.raw, this.#surroundings);
  }

  #openSockJS({ gateway, query }: EndpointMatch, ws: LightWebSocket, socket: Socket): WebSocketConnection {
    const { heartbeatMs } = readSessionWishes(query);
    const connection = new SockJSWebSocketConnection(
      gateway,
      ws,
      socket,
      this.#wires.sockjs,
      this.#surroundings,
      heartbeatMs,
    );
    connection.open();
    return connection;
  }

  #server(raw: boolean, messageLimit: number): LightWebSocketServer {
    // JSON may write one byte in six (`\u0001`); each message is measured by itself.
    const frameLimit = raw || messageLimit === 0 ? messageLimit : messageLimit * 6 + 16;
    let server = this.#servers.get(frameLimit);
    if (server === undefined) this.#servers.set(frameLimit, (server = wsServer(frameLimit)));
    return server;
  }
}

const SOCKJS_PATH = /^\/[^/.]+\/[^/.]+\/websocket\/?$/;

function isRaw(rest: string): boolean {
  return rest === '' || rest === '/websocket' || rest === '/websocket/';
}

/** What gateways that look at who comes agreed on; `false` for none. */
const subprotocols = new WeakMap<IncomingMessage, string | false>();

type LightWebSocketServer = InstanceType<typeof WebSocketServer<typeof LightWebSocket>>;

function wsServer(maxPayload: number): LightWebSocketServer {
  return new WebSocketServer({
    WebSocket: LightWebSocket,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: (offered, request) =>
      subprotocols.get(request) ?? offered.values().next().value ?? false,
    maxPayload: maxPayload === 0 ? 0 : Math.min(maxPayload, 2 ** 31 - 1),
  });
}
