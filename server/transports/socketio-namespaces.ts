import { STATUS_CODES } from 'node:http';
import { Server, type Socket } from 'socket.io';
import type { Server as Engine, Socket as Line } from 'engine.io';
import type { Connection, ConnectionRequest } from '../connection/connection.ts';
import type { ConnectionSurroundings } from '../connection/queued-connection.ts';
import { isEntrance, type Admission, type Entrance, type GuardedGateway } from '../gateways/gateway.ts';
import type { HttpAnswer } from '../gateways/http-exchange.ts';
import { admissionRequest } from './admission-request.ts';
import type { ConnectionRegistry } from './connection-registry.ts';
import type { Endpoints, Mount } from './endpoints.ts';
import { SocketIOConnection } from './socketio-connection.ts';
import { LineNamespaces } from './socketio-line-namespaces.ts';
import { eventWire, textWire } from './socketio-packets.ts';
import { ARRIVAL, textParser } from './socketio-parser.ts';
import { SocketIORequest } from './socketio-request.ts';

type Next = (error?: Error) => void;

/**
 * The gateways as namespaces of Socket.IO. Each namespace that a client joins is a connection of its own, and
 * counts as one, however many of them share a line.
 */
export class SocketIONamespaces {
  readonly #registry: ConnectionRegistry;
  readonly #surroundings: ConnectionSurroundings;
  readonly #entrances = new WeakMap<Socket, Entrance>();
  readonly #lines = new WeakMap<Line, LineNamespaces>();

  constructor(
    engine: Engine,
    endpoints: Endpoints,
    registry: ConnectionRegistry,
    surroundings: ConnectionSurroundings,
  ) {
    this.#registry = registry;
    this.#surroundings = surroundings;
    const { counters } = surroundings;
    const server = new Server({ parser: textParser(counters), serveClient: false });
    // The namespace that every line of protocol revision 3 is in at once; nobody is there.
    server.on('connection', (socket) => {
      socket.on(ARRIVAL, () => counters.ignore('socket.io', 'no-namespace'));
    });
    for (const mount of endpoints.mounts()) {
      const { path, gateway } = mount;
      const wire = gateway.speaksEvents === true ? eventWire(path) : textWire(path);
      const namespace = server.of(path);
      namespace.use((socket, next) => this.#examine(mount, socket, next));
      namespace.on('connection', (socket) => {
        const onLeft = (): void => this.#lines.get(socket.conn)?.left(path);
        this.#lines.get(socket.conn)?.joined(path);
        this.#open(new SocketIOConnection(gateway, socket, wire, surroundings, onLeft), socket);
      });
    }
    const known = new Set(endpoints.paths());
    engine.on('connection', (line: Line) => this.#lines.set(line, new LineNamespaces(line, known, counters)));
    server.bind(engine);
  }

  /** Decides whether a client may join; it must call `next`, and not throw. */
  #examine(mount: Mount, socket: Socket, next: Next): void {
    const { counters } = this.#surroundings;
    const { gateway, origins, path } = mount;
    if (origins.judge(socket.request) === 'refused') {
      counters.ignore('socket.io', 'foreign-origin');
      this.#refuse(path, socket, next, { status: 403, body: 'This origin is not allowed.' });
    } else if (this.#registry.isFull) {
      counters.ignore('socket.io', 'too-many-connections');
      this.#refuse(path, socket, next, { status: 503 });
    } else {
      const request = new SocketIORequest(path, socket);
      if ('accept' in gateway) {
        const accept = (connection: Connection) => gateway.accept(connection, request);
        this.#entrances.set(socket, { accept });
        next();
      } else {
        void this.#ask(gateway, request, socket, next);
      }
    }
  }

  /** Asks a gateway that wants to be asked. */
  async #ask(gateway: GuardedGateway, request: ConnectionRequest, socket: Socket, next: Next): Promise<void> {
    let answer: Admission;
    try {
      answer = await gateway.admit(admissionRequest(request, socket.request, true));
    } catch (error) {
      this.#surroundings.onFault(error);
      answer = { status: 500 };
    }
    if (isEntrance(answer)) {
      this.#entrances.set(socket, answer);
      next();
    } else {
      this.#surroundings.counters.ignore(gateway.name, 'not-admitted');
      this.#refuse(request.path, socket, next, answer);
    }
  }

  #open(connection: SocketIOConnection, socket: Socket): void {
    this.#registry.add(connection);
    try {
      const entrance = this.#entrances.get(socket);
      if (entrance !== undefined) connection.handTo(entrance.accept(connection));
    } catch (error) {
      connection.fail(error);
    }
  }

  #refuse(path: string, socket: Socket, next: Next, answer: HttpAnswer): void {
    this.#lines.get(socket.conn)?.left(path);
    next(refusal(socket, answer));
  }
}

/** An answer as a connect error: its words, and for clients that can read it its status. */
function refusal(socket: Socket, { status, body }: HttpAnswer): Error {
  const words = body === undefined ? '' : body.toString().trim();
  const error = new Error(words === '' ? `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd() : words);
  // Before revision 4 a refusal was a string and nothing else.
  return socket.conn.protocol === 3 ? error : Object.assign(error, { data: { status } });
}
