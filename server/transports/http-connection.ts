import type { Beating, HeartbeatWheel } from '../connection/heartbeat-wheel.ts';
import type { Heartbeats } from '../connection/heartbeats.ts';
import {
  QueuedConnection,
  type ConnectionOwner,
  type ConnectionSurroundings,
} from '../connection/queued-connection.ts';
import type { Wire } from '../connection/wire.ts';
import { CloseCode } from '../../protocol/close-codes.ts';
import { BEAT_ANSWER } from '../../protocol/sockjs.ts';
import type { SockJSConnection, SockJSReceiver } from './sockjs-package.ts';

/** What all SockJS sessions over HTTP of a server share. */
export interface HttpSurroundings extends ConnectionSurroundings {
  readonly heartbeats: Heartbeats;
}

/**
 * A SockJS session over HTTP as a connection. What it is owed waits here, under the outbox limit, until the
 * client has a response open that takes it; the package's own send buffer stays empty.
 */
export class HttpConnection extends QueuedConnection<string> implements Beating {
  declare protected readonly surroundings: HttpSurroundings;
  readonly transport: string;
  readonly #sockjs: SockJSConnection;
  #owesBeat = false;
  #wheel: HeartbeatWheel | undefined;
  #slot = 0;
  /** Beats since the client last sent a request. */
  #silent = 0;
  #patience = 0;

  constructor(
    owner: ConnectionOwner,
    sockjs: SockJSConnection,
    wire: Wire<string>,
    surroundings: HttpSurroundings,
  ) {
    super(owner, wire, surroundings);
    this.transport = sockjs.protocol;
    this.#sockjs = sockjs;
    sockjs.on('data', (message: unknown) => this.#read(message));
    // SockJS clients over HTTP just stop coming; that they are gone is all there is to know.
    sockjs.once('close', () => {
      this.#wheel?.remove(this, this.#slot);
      this.gone(CloseCode.abnormal, '');
    });
  }

  /** The client opened a response: what waited can leave. */
  resume(): void {
    this.#receiver?.response?.on('drain', () => this.flush());
    this.flush();
  }

  /** How often a heartbeat frame comes; `undefined` leaves it as it is. */
  setHeartbeat(heartbeatMs: number | undefined): void {
    if (heartbeatMs === undefined) return;
    const session = this.#sockjs._session;
    session.heartbeat_delay = heartbeatMs;
    if (session.recv !== null) session.tryFlush();
    const wheel = this.surroundings.heartbeats.wheel(heartbeatMs);
    // One more than it takes: a client that says something in each heartbeat is not to be caught between two.
    this.#patience = wheel.patience + 1;
    if (wheel === this.#wheel) return;
    this.#wheel?.remove(this, this.#slot);
    this.#wheel = wheel;
    this.#slot = wheel.add(this);
  }

  /** The client sent a request. */
  heard(): void {
    this.#silent = 0;
  }

  /**
   * Who reads a stream says nothing, and nobody learns that it has gone without a word. So a stream whose client was
   * silent ends after a while: the client comes for the next one, or the session ends.
   */
  beat(): void {
    const receiver = this.#receiver;
    const isStream = receiver !== null && !receiver.protocol.endsWith('polling');
    if (!this.isOpen || !isStream || ++this.#silent <= this.#patience) return;
    const { response } = receiver;
    receiver.didClose();
    setTimeout(() => {
      if (response?.writableFinished === false) response.destroy();
    }, UNREAD_MS).unref();
  }

  /** Answers after what it is owed by now, in the next response if none is open; several get one answer. */
  oweBeat(): void {
    if (this.#owesBeat || !this.isOpen) return;
    this.#owesBeat = true;
    this.whenTaken(() => this.#answerBeat());
  }

  #answerBeat(): void {
    if (!this.isOpen) return;
    if (this.isReady) {
      this.#owesBeat = false;
      this.write(BEAT_ANSWER);
    } else {
      this.whenTaken(() => this.#answerBeat());
    }
  }

  protected override get isReady(): boolean {
    const response = this.#receiver?.response;
    return response !== undefined && response !== null && !response.writableNeedDrain;
  }

  protected override write(frame: string): void {
    this.#receiver?.doSendFrame(frame);
  }

  protected override sayGoodbye(code: number, reason: string): void {
    const owed = this.takeOwed();
    const session = this.#sockjs._session;
    // A polling response ends with its first frame; then the close frame waits for the next one.
    if (!owed.isEmpty && this.#receiver?.response) this.write(owed.packed());
    else session.send_buffer.push(...owed.messages().map(({ text }) => text));
    this.#end(code, reason);
  }

  override abort(): void {
    this.#receiver?.response?.destroy();
  }

  protected override cutOff(code: number, reason: string): void {
    const response = this.#receiver?.response;
    this.#end(code, reason);
    if (response) setTimeout(() => response.destroy(), UNREAD_MS).unref();
  }

  /** The session itself lasts until the client has come for the close frame; the handler need not wait for that. */
  #end(code: number, reason: string): void {
    this.#sockjs._session.close(code, reason);
    queueMicrotask(() => this.gone(code, reason));
  }

  get #receiver(): SockJSReceiver | null {
    return this.#sockjs._session.recv;
  }

  #read(message: unknown): void {
    if (typeof message === 'string') this.receive(message);
    else this.surroundings.counters.ignore('sockjs', 'not-a-string');
  }
}

/** How long a response that nobody reads may wait for its reader after the session was cut off. */
const UNREAD_MS = 5000;
