import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { EndpointMatch } from './endpoints.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import { LightWebSocket } from './light-websocket.ts';
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
  readonly #rawServer: LightWebSocketServer;
  readonly #sockjsServer: LightWebSocketServer;

  constructor(wires: Wires, surroundings: WebSocketSurroundings, registry: ConnectionRegistry) {
    this.#wires = wires;
    this.#surroundings = surroundings;
    this.#registry = registry;
    const { messageLimit } = surroundings;
    this.#rawServer = wsServer(messageLimit);
    // JSON may write one byte in six (`\u0001`); each message is measured by itself.
    this.#sockjsServer = wsServer(messageLimit === 0 ? 0 : messageLimit * 6 + 16);
  }

  /** True when the rest of the path asks for a WebSocket: `P`, `P/websocket`, `P/SERVER/SESSION/websocket`. */
  owns(match: EndpointMatch): boolean {
    return isRaw(match.rest) || SOCKJS_PATH.test(match.rest);
  }

  upgrade(match: EndpointMatch, request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    // The server's own connections are sockets; the event's type only promises less.
    const socket = duplex as Socket;
    const raw = isRaw(match.rest);
    const server = raw ? this.#rawServer : this.#sockjsServer;
    // The handshake and the frames that follow at once leave in one write.
    socket.cork();
    let accepted: WebSocketConnection | undefined;
    server.handleUpgrade(request, socket, head, (ws) => {
      const connection = raw ? this.#openRaw(match, ws, socket) : this.#openSockJS(match, ws, socket);
      this.#registry.add(connection);
      connection.handTo(match.gateway.accept(connection, new UpgradeRequest(match, request, socket)));
      accepted = connection;
    });
    socket.uncork();
    accepted?.start();
  }

  #openRaw({ gateway }: EndpointMatch, ws: LightWebSocket, socket: Socket): WebSocketConnection {
    return new RawWebSocketConnection(gateway.name, ws, socket, this.#wires.raw, this.#surroundings);
  }

  #openSockJS({ gateway }: EndpointMatch, ws: LightWebSocket, socket: Socket): WebSocketConnection {
    const { sockjs } = this.#wires;
    const connection = new SockJSWebSocketConnection(gateway.name, ws, socket, sockjs, this.#surroundings);
    connection.open();
    return connection;
  }
}

const SOCKJS_PATH = /^\/[^/.]+\/[^/.]+\/websocket\/?$/;

function isRaw(rest: string): boolean {
  return rest === '' || rest === '/websocket' || rest === '/websocket/';
}

type LightWebSocketServer = InstanceType<typeof WebSocketServer<typeof LightWebSocket>>;

function wsServer(maxPayload: number): LightWebSocketServer {
  return new WebSocketServer({
    WebSocket: LightWebSocket,
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: maxPayload === 0 ? 0 : Math.min(maxPayload, 2 ** 31 - 1),
  });
}
