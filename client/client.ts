import { ChannelHandle } from './channels/channel-handle.ts';
import { Multiplexer } from './channels/multiplexer.ts';
import type { Uplink } from './channels/uplink.ts';
import { Connection } from './connection.ts';
import { createDeferred, type Deferred } from './deferred.ts';
import { Emitter } from './emitter.ts';
import type { Environment, MemberKey } from './environment.ts';
import { RoomplexError } from './errors.ts';
import { ALL_TRANSPORTS } from './ladder/rungs.ts';
import { QueueBudget } from './queue-budget.ts';
import { RoomHandle } from './rooms/room-handle.ts';
import { Rooms } from './rooms/rooms.ts';
import type {
  Channel,
  Client,
  ClientEvents,
  ClientState,
  ConnectOptions,
  RetryInfo,
  Room,
  RoomOptions,
  TransportFinding,
  TransportName,
} from './types.ts';

const QUEUE_LIMIT = 1000;
const HEARTBEAT_MS = 4000;
const REPROBE_MS = 15_000;

/** Connects to the multiplex gateway at `url`, with what the environment has to offer. */
export function createClient(environment: Environment, url: string | URL, options: ConnectOptions): Client {
  const {
    transports = ALL_TRANSPORTS,
    queueLimit = QUEUE_LIMIT,
    heartbeatMs = HEARTBEAT_MS,
    reprobeMs = REPROBE_MS,
  } = options;
  if (transports.length === 0) throw new TypeError('transports: name at least one');
  const unknown = transports.find((name) => !ALL_TRANSPORTS.includes(name));
  if (unknown !== undefined) throw new TypeError(`transports: there is no ${String(unknown)}`);
  const target = targetUrl(environment.resolveUrl(url), options.token);
  return new RoomplexClient(environment, { url: target, transports, heartbeatMs, reprobeMs }, queueLimit);
}

class RoomplexClient implements Client {
  readonly #environment: Environment;
  readonly #emitter = new Emitter<ClientEvents>();
  readonly #connection: Connection;
  readonly #multiplexer: Multiplexer;
  readonly #rooms: Rooms;
  readonly #memberKey: MemberKey;
  #waitingForOpen: Deferred<void>[] = [];
  #toldState: ClientState = 'connecting';
  #toldTransport: TransportName | null = null;

  constructor(
    environment: Environment,
    options: ConstructorParameters<typeof Connection>[1],
    queueLimit: number,
  ) {
    this.#environment = environment;
    const connection = new Connection(environment, options, {
      changed: () => {
        this.#changed();
      },
      moved: () => {
        this.#moved();
      },
      message: (text) => {
        this.#multiplexer.receive(text);
      },
      refusedUnread: (text) => {
        this.#rooms.refusedUnread(text);
      },
      failed: (error) => {
        this.#emitter.emit('error', error);
      },
      learned: () => {
        this.#emitter.emit('findings', this.findings);
      },
    });
    this.#connection = connection;
    const uplink: Uplink = {
      budget: new QueueBudget(queueLimit),
      get isOpen() {
        return connection.state === 'open';
      },
      get isCongested() {
        return connection.isCongested;
      },
      send(text) {
        connection.send(text);
      },
    };
    this.#multiplexer = new Multiplexer(uplink);
    this.#memberKey = environment.holdMemberKey(options.url);
    this.#rooms = new Rooms(this.#multiplexer, uplink, environment, this.#memberKey.value, {
      failed: (error) => {
        this.#emitter.emit('error', error);
      },
      overdue: (ms) => {
        connection.doubt(ms);
      },
    });
  }

  get state(): ClientState {
    return this.#connection.state;
  }

  get transport(): TransportName | null {
    return this.#connection.transport;
  }

  get retry(): RetryInfo | null {
    return this.#connection.retry;
  }

  get findings(): readonly TransportFinding[] {
    return this.#connection.findings;
  }

  on<E extends keyof ClientEvents>(event: E, listener: ClientEvents[E]): () => void {
    return this.#emitter.on(event, listener);
  }

  async ready(): Promise<void> {
    if (this.state === 'open') return;
    this.#assertNotClosed();
    const opened = createDeferred<void>();
    this.#waitingForOpen.push(opened);
    await opened.promise;
  }

  channel(name: string): Channel {
    this.#assertNotClosed();
    return new ChannelHandle(this.#multiplexer, name);
  }

  room(name: string, options: RoomOptions = {}): Room {
    return new RoomHandle(name, options, this.#rooms, this.#environment);
  }

  reconnect(): void {
    this.#connection.reconnect();
  }

  async close(): Promise<void> {
    this.#rooms.sayGoodbye();
    await this.#connection.close();
  }

  #changed(): void {
    const { state, transport } = this;
    const wasOpen = this.#toldState === 'open';
    this.#toldState = state;
    if (state === 'closed') this.#end();
    else if (wasOpen) this.#multiplexer.disconnected();
    // Any listener may close or reconnect; what it brought about was told already.
    if (this.state !== state) return;
    if (transport !== this.#toldTransport) {
      this.#toldTransport = transport;
      this.#emitter.emit('transport', transport);
      if (this.state !== state) return;
    }
    this.#emitter.emit('state', state);
    if (state !== 'open' || this.state !== state) return;
    this.#begin();
  }

  #begin(): void {
    this.#multiplexer.connected();
    for (const opened of this.#waitingForOpen.splice(0)) opened.resolve();
  }

  /** The connection goes on over another line: to the channels that is the end of one and the start of the next. */
  #moved(): void {
    this.#multiplexer.disconnected();
    if (this.state !== 'open') return;
    this.#toldTransport = this.transport;
    this.#emitter.emit('transport', this.transport);
    if (this.state === 'open') this.#begin();
  }

  #end(): void {
    const error = this.#connection.error ?? new RoomplexError('closed', 'the client was closed');
    this.#memberKey.release();
    this.#rooms.close(error);
    this.#multiplexer.closed();
    for (const opened of this.#waitingForOpen.splice(0)) opened.reject(error);
  }

  #assertNotClosed(): void {
    if (this.#connection.error !== null) throw this.#connection.error;
  }
}

/** What SockJS takes: http or https, no fragment; the token goes with every request. */
function targetUrl(url: URL, token: string | undefined): URL {
  const target = new URL(url);
  if (target.protocol === 'ws:') target.protocol = 'http:';
  if (target.protocol === 'wss:') target.protocol = 'https:';
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new TypeError(`the server's URL must be http or https, not ${target.protocol}`);
  }
  target.hash = '';
  target.pathname = target.pathname.replace(/\/+$/, '');
  if (token !== undefined) target.searchParams.set('token', token);
  return target;
}
