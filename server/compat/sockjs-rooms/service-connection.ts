import type { IncomingMessage } from 'node:http';
import type { Writable } from 'node:stream';
import { arrayFrame } from '../../../protocol/sockjs.ts';
import { CloseCode } from '../../../protocol/close-codes.ts';
import { QueuedConnection, type ConnectionSurroundings } from '../../connection/queued-connection.ts';
import { Wire } from '../../connection/wire.ts';
import type { ServiceReceiver, ServiceSession, ServiceSocket } from './sockjs-service.ts';

/** The forms in which messages leave; one of each for all connections of a server. */
export interface ServiceWires {
  /** One SockJS frame a tick. */
  readonly framed: Wire<readonly string[]>;
  /** The texts as they are. */
  readonly plain: Wire<readonly string[]>;
}

export function createServiceWires(): ServiceWires {
  return {
    framed: new Wire((messages) => [arrayFrame(messages.map(({ quoted }) => quoted))]),
    plain: new Wire((messages) => messages.map(({ text }) => text)),
  };
}

/**
 * A client of a SockJS service of the `sockjs` package as a connection. What it is owed waits here, under the
 * outbox limit, until the client has read what it was given; the package's own send buffer stays empty.
 */
export class ServiceConnection extends QueuedConnection<readonly string[]> {
  readonly transport: string;
  readonly #socket: ServiceSocket;
  readonly #session: ServiceSession | undefined;
  readonly #hasFrames: boolean;

  constructor(socket: ServiceSocket, wires: ServiceWires, surroundings: ConnectionSurroundings) {
    const hasFrames = socket._session?.send_buffer !== undefined;
    super({ name: 'multiplex' }, hasFrames ? wires.framed : wires.plain, surroundings);
    this.transport = socket.protocol ?? 'sockjs';
    this.#socket = socket;
    this.#session = socket._session;
    this.#hasFrames = hasFrames;
    this.#followReceivers();
    socket.on('data', (message: unknown) => this.#read(message));
    socket.once('close', () => this.gone(CloseCode.abnormal, ''));
  }

  protected override get isReady(): boolean {
    if (this.#session === undefined) return true;
    const line = this.#line;
    return line !== undefined && !line.writableNeedDrain;
  }

  protected override write(parts: readonly string[]): void {
    for (const part of parts) {
      if (this.#hasFrames) this.#session?.recv?.doSendFrame?.(part);
      else this.#socket.write(part);
    }
  }

  protected override sayGoodbye(code: number, reason: string): void {
    const owed = this.takeOwed();
    if (!this.#hasFrames) for (const { text } of owed.messages()) this.#socket.write(text);
    else if (!owed.isEmpty && this.#line !== undefined) this.write(owed.packed());
    else this.#session?.send_buffer?.push(...owed.messages().map(({ text }) => text));
    this.#end(code, reason);
  }

  override abort(): void {
    this.#line?.destroy();
  }

  protected override cutOff(code: number, reason: string): void {
    const line = this.#line;
    this.#end(code, reason);
    if (line !== undefined) setTimeout(() => line.destroy(), UNREAD_MS).unref();
  }

  #end(code: number, reason: string): void {
    this.#socket.close(this.#hasFrames ? code : permittedCode(code), reason);
    // A session lasts until the client has come for the close frame; the handler need not wait for that.
    queueMicrotask(() => this.gone(code, reason));
  }

  get #line(): Writable | undefined {
    const receiver = this.#session?.recv;
    return receiver?.response ?? receiver?.connection ?? undefined;
  }

  /** The package tells nobody that a client has come for more, so its own step for that is extended. */
  #followReceivers(): void {
    const session = this.#session;
    const followLine = (): void => void this.#line?.on('drain', () => this.flush());
    followLine();
    const register = session?.register?.bind(session);
    if (session === undefined || register === undefined || !this.#hasFrames) return;
    session.register = (request: IncomingMessage, receiver: ServiceReceiver) => {
      register(request, receiver);
      followLine();
      this.flush();
    };
  }

  #read(message: unknown): void {
    if (typeof message === 'string') this.receive(message);
    else this.surroundings.counters.ignore('sockjs', 'not-a-string');
  }
}

/** A raw WebSocket of the package throws at codes that browsers may not send. */
function permittedCode(code: number): number {
  return code === CloseCode.normal || code >= 3000 ? code : UNNAMED;
}

const UNNAMED = 3000;

/** How long a line that nobody reads may wait for its reader after it was cut off. */
const UNREAD_MS = 5000;
