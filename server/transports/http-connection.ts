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
import { PostNumbers } from './post-numbers.ts';
import type { SockJSConnection, SockJSReceiver } from './sockjs-package.ts';
import { UnconfirmedFrames } from './unconfirmed-frames.ts';

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
  #unconfirmed: UnconfirmedFrames | undefined;
  #posts: PostNumbers | undefined;
  readonly #usualAwayMs: number;

  constructor(
    owner: ConnectionOwner,
    sockjs: SockJSConnection,
    wire: Wire<string>,
    surroundings: HttpSurroundings,
  ) {
    super(owner, wire, surroundings);
    this.transport = sockjs.protocol;
    this.#sockjs = sockjs;
    this.#usualAwayMs = sockjs._session.disconnect_delay;
    sockjs.on('data', (message: unknown) => this.#read(message));
    // SockJS clients over HTTP just stop coming; that they are gone is all there is to know.
    sockjs.once('close', () => {
      this.#wheel?.remove(this, this.#slot);
      this.gone(CloseCode.abnormal, '');
    });
  }

  /** From now on, before anything was said, lost answers are made good (docs/protocol.md, "Lost answers"). */
  makeGood(): void {
    this.#unconfirmed = new UnconfirmedFrames();
    this.#posts = new PostNumbers();
  }

  /** The numbers of what it sends; `undefined` where lost answers are lost. */
  get posts(): PostNumbers | undefined {
    return this.#posts;
  }

  /**
   * The client comes for the next response, and has read so many message frames by now, where it counts them. False
   * when it must not have it.
   */
  comes(seen: number | undefined): boolean {
    const unconfirmed = this.#unconfirmed;
    if (unconfirmed === undefined) return true;
    const confirmation = seen === undefined ? 'impossible' : unconfirmed.confirm(seen);
    if (confirmation !== 'fits') {
      this.surroundings.counters.ignore('sockjs', confirmation === 'late' ? 'late-receiver' : 'wrong-count');
      // Something on the way may have kept a request for long; the session has gone on without it.
      if (confirmation === 'impossible') this.leave();
      return false;
    }
    this.#weigh(unconfirmed);
    // Nobody told the server that the response before has died.
    if (this.#receiver !== null) this.#endResponse(this.#receiver);
    return true;
  }

  /** The client opened a response: what waited can leave. A poll is answered within `waitMs`, where it says so. */
  resume(waitMs?: number): void {
    const receiver = this.#receiver;
    receiver?.response?.on('drain', () => this.flush());
    if (receiver !== null && this.#unconfirmed !== undefined) receiver.didAbort = () => receiver.didClose();
    this.flush();
    if (waitMs !== undefined && receiver?.protocol.endsWith('polling') === true) {
      setTimeout(() => {
        if (this.#receiver === receiver) receiver.heartbeat();
      }, waitMs).unref();
    }
  }

  /** The client is not interested any more. */
  leave(): void {
    this.#receiver?.didClose();
    const session = this.#sockjs._session;
    if (session.session_id !== null) session.didTimeout();
  }

  override flush(): void {
    const receiver = this.#receiver;
    while (receiver?.response?.writableNeedDrain === false && this.#unconfirmed?.isBehind === true) {
      receiver.doSendFrame(this.#unconfirmed.take());
    }
    super.flush();
  }

  /** How long it may be without a response from the one that opens next on; `undefined`: as long as is usual. */
  setAway(awayMs: number | undefined): void {
    this.#sockjs._session.disconnect_delay = awayMs ?? this.#usualAwayMs;
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
    this.#endResponse(receiver);
  }

  #endResponse(receiver: SockJSReceiver): void {
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
    if (response === undefined || response === null || response.writableNeedDrain) return false;
    return this.#unconfirmed?.isBehind !== true;
  }

  protected override write(frame: string): void {
    const unconfirmed = this.#unconfirmed;
    if (unconfirmed === undefined) {
      this.#receiver?.doSendFrame(frame);
      return;
    }
    unconfirmed.add(frame);
    this.#receiver?.doSendFrame(unconfirmed.take());
    this.#weigh(unconfirmed);
    // The next request confirms what this response brought.
    const { outboxLimit } = this.surroundings;
    if (outboxLimit !== 0 && unconfirmed.bytes > outboxLimit / 2) this.#receiver?.didClose();
  }

  /** What is unconfirmed counts as owed. */
  #weigh({ bytes }: UnconfirmedFrames): void {
    const { outboxLimit } = this.surroundings;
    if (outboxLimit !== 0) this.outboxRoom = Math.max(0, outboxLimit - bytes);
  }

  protected override sayGoodbye(code: number, reason: string): void {
    const owed = this.takeOwed();
    const session = this.#sockjs._session;
    const unconfirmed = this.#unconfirmed;
    if (unconfirmed !== undefined) {
      if (!owed.isEmpty) unconfirmed.add(owed.packed());
      const sendRest = (receiver: SockJSReceiver): boolean => {
        const hasSome = unconfirmed.isBehind;
        while (receiver.response !== null && unconfirmed.isBehind) receiver.doSendFrame(unconfirmed.take());
        return hasSome;
      };
      if (this.#receiver !== null) sendRest(this.#receiver);
      session.flushToRecv = sendRest;
      this.#end(code, reason);
      return;
    }
    // A polling response ends with its first frame; then the close frame waits for the next one.
    if (!owed.isEmpty && this.#receiver?.response) this.write(owed.packed());
    else session.send_buffer.push(...owed.messages().map(({ text }) => text));
    this.#end(code, reason);
  }

  override abort(): void {
    this.#receiver?.response?.destroy();
  }

  protected override cutOff(code: number, reason: string): void {
    this.#unconfirmed = undefined;
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
    if (this.#posts?.isRepeated === true) return;
    if (typeof message === 'string') this.receive(message);
    else this.surroundings.counters.ignore('sockjs', 'not-a-string');
  }
}

/** How long a response that nobody reads may wait for its reader after the session was cut off. */
const UNREAD_MS = 5000;
