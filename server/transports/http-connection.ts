import { CloseCode } from '../../protocol/close-codes.ts';
import type { Connection, ConnectionHandler } from '../connection/connection.ts';
import { newConnectionId } from '../connection/connection-id.ts';
import { Outbox, type Sink } from '../connection/outbox.ts';
import { PreparedMessage } from '../connection/prepared-message.ts';
import type { Wire } from '../connection/wire.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { SockJSConnection, SockJSReceiver } from './sockjs-package.ts';

/** What all SockJS connections over HTTP of a server share. */
export interface HttpSurroundings {
  readonly counters: Counters;
  /** Bytes a connection may be owed; 0 lifts it. */
  readonly outboxLimit: number;
  /** Bytes of one message; 0 lifts it. */
  readonly messageLimit: number;
  /** Told of what a handler threw; the connection is closed with 1011. */
  onFault(error: unknown): void;
}

/**
 * A SockJS session over HTTP as a connection. What it is owed waits in the outbox, under its limit, until the
 * client has a response open that takes it; the package's own send buffer stays empty.
 */
export class HttpConnection implements Connection, Sink<string> {
  readonly id = newConnectionId();
  readonly transport: string;
  readonly #sockjs: SockJSConnection;
  readonly #surroundings: HttpSurroundings;
  readonly #outbox: Outbox<string>;
  readonly #onGone: () => void;
  #handler: ConnectionHandler | undefined;
  #isOpen = true;
  #ownCode: number | undefined;
  #ownReason = '';

  /** `onGone` is told once, after the handler. */
  constructor(
    sockjs: SockJSConnection,
    wire: Wire<string>,
    surroundings: HttpSurroundings,
    onGone: (connection: HttpConnection) => void,
  ) {
    this.transport = sockjs.protocol;
    this.#sockjs = sockjs;
    this.#surroundings = surroundings;
    this.#outbox = new Outbox(wire, this, surroundings.outboxLimit);
    this.#onGone = () => onGone(this);
    sockjs.on('data', (message: unknown) => this.#receive(message));
    sockjs.once('close', () => this.#gone());
  }

  set handler(handler: ConnectionHandler) {
    this.#handler = handler;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isReady(): boolean {
    const response = this.#receiver?.response;
    return response !== undefined && response !== null && !response.writableNeedDrain;
  }

  send(text: string): boolean {
    return this.sendPrepared(new PreparedMessage(text));
  }

  sendPrepared(message: PreparedMessage): boolean {
    return this.#isOpen && this.#outbox.push(message);
  }

  /** The client opened a response: what waited can leave. */
  resume(): void {
    if (!this.#isOpen) return;
    this.#receiver?.response?.on('drain', () => this.#outbox.flush());
    this.#outbox.flush();
  }

  close(code: number = CloseCode.normal, reason = ''): void {
    if (!this.#isOpen) return;
    this.#outbox.flush();
    // What no response took goes with the close frame, when the client comes for it.
    const session = this.#sockjs._session;
    session.send_buffer.push(...this.#outbox.drain().map((message) => message.text));
    this.#shut(code, reason);
    session.close(code, reason);
  }

  write(frame: string): void {
    // A `<` could end the script block that htmlfile puts the frame into; inside JSON strings it may be escaped.
    const safe = this.transport === 'htmlfile' ? frame.replaceAll('<', '\\u003c') : frame;
    this.#receiver?.doSendFrame(safe);
  }

  overflow(): void {
    if (!this.#isOpen) return;
    this.#surroundings.counters.ignore('outbox', 'slow-consumer');
    this.#shut(CloseCode.slowConsumer, 'slow consumer');
    this.#sockjs._session.close(CloseCode.slowConsumer, 'slow consumer');
  }

  get #receiver(): SockJSReceiver | null {
    return this.#sockjs._session.recv;
  }

  #receive(message: unknown): void {
    if (!this.#isOpen) return;
    const { counters, messageLimit, onFault } = this.#surroundings;
    if (typeof message !== 'string') {
      counters.ignore('sockjs', 'not-a-string');
      return;
    }
    if (messageLimit !== 0 && Buffer.byteLength(message) > messageLimit) {
      counters.ignore('sockjs', 'too-big');
      this.close(CloseCode.tooBig, 'message too big');
      return;
    }
    counters.received++;
    try {
      this.#handler?.message(message);
    } catch (error) {
      onFault(error);
      this.close(CloseCode.internalError, 'internal error');
    }
  }

  #shut(code: number, reason: string): void {
    this.#isOpen = false;
    this.#ownCode ??= code;
    this.#ownReason ||= reason;
  }

  #gone(): void {
    this.#isOpen = false;
    const handler = this.#handler;
    this.#handler = undefined;
    // SockJS clients over HTTP just stop coming; that they are gone is all there is to know.
    handler?.closed(this.#ownCode ?? CloseCode.abnormal, this.#ownReason);
    this.#onGone();
  }
}
