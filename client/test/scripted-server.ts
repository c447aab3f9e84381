import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { decodeFrame } from '../../protocol/multiplex.ts';
import { decodeVerb, encodeVerb } from '../../protocol/rooms.ts';
import { closeFrame, HEARTBEAT_FRAME, OPEN_FRAME } from '../../protocol/sockjs.ts';

/** A queue that can be waited for. */
export class Inbox<T> {
  readonly #items: T[] = [];
  readonly #waiting: ((item: T) => void)[] = [];

  put(item: T): void {
    const taker = this.#waiting.shift();
    if (taker === undefined) this.#items.push(item);
    else taker(item);
  }

  next(): Promise<T> {
    const item = this.#items.shift();
    if (item !== undefined) return Promise.resolve(item);
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  async take(count: number): Promise<T[]> {
    const items: T[] = [];
    while (items.length < count) items.push(await this.next());
    return items;
  }
}

/** The server's end of one connection, played by the test. */
export class Peer {
  /** The client's messages, unframed. */
  readonly messages = new Inbox<string>();
  /** What the client sent to be answered by a sign of life. */
  readonly beats = new Inbox<'beat'>();
  answersBeats = true;
  readonly path: string;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, path: string) {
    this.#socket = socket;
    this.path = path;
    socket.on('message', (data) => {
      const messages = JSON.parse((data as Buffer).toString()) as string[];
      for (const message of messages) this.messages.put(message);
      if (messages.length > 0) return;
      this.beats.put('beat');
      if (this.answersBeats) this.raw('a[]');
    });
  }

  greet(): this {
    this.#socket.send(OPEN_FRAME);
    return this;
  }

  heartbeat(): void {
    this.#socket.send(HEARTBEAT_FRAME);
  }

  /** All in one frame. */
  say(...messages: string[]): void {
    this.#socket.send(`a${JSON.stringify(messages)}`);
  }

  raw(frame: string): void {
    this.#socket.send(frame);
  }

  sayVerb(event: string, ...args: unknown[]): void {
    this.say(`msg,layout,${encodeVerb(event, ...args)}`);
  }

  /** The next message, which must be a verb for the rooms gateway. */
  async nextVerb(): Promise<{ event: string; body: Record<string, unknown>; id: unknown }> {
    const text = await this.messages.next();
    const frame = decodeFrame(text);
    const verb = frame?.topic === 'layout' ? decodeVerb(frame.payload) : undefined;
    if (verb === undefined) throw new Error(`no verb: ${text}`);
    return { event: verb.event, body: verb.args[0] as Record<string, unknown>, id: verb.args[1] };
  }

  /** Closes as SockJS does. */
  goodbye(code: number, reason: string): void {
    this.#socket.send(closeFrame(code, reason));
    this.#socket.close();
  }

  /** The line is cut without a word. */
  cut(): void {
    this.#socket.terminate();
  }

  /** Resolves with the close code when the client is gone. */
  async gone(): Promise<number> {
    const [code] = (await once(this.#socket, 'close')) as [number];
    return code;
  }
}

/** A WebSocket server that does nothing by itself. */
export class ScriptedServer {
  readonly peers = new Inbox<Peer>();
  readonly #server: WebSocketServer;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on('connection', (socket, request) => {
      this.peers.put(new Peer(socket, request.url ?? ''));
    });
  }

  static async start(port = 0): Promise<ScriptedServer> {
    const server = new WebSocketServer({ port, host: '127.0.0.1' });
    await once(server, 'listening');
    return new ScriptedServer(server);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/multiplex`;
  }

  /** The next connection, greeted. */
  async greeted(): Promise<Peer> {
    return (await this.peers.next()).greet();
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => {
      this.#server.close(resolve);
    });
  }
}
