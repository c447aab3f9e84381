import { CloseCode } from '../../protocol/close-codes.ts';
import type { Counters } from '../telemetry/counters.ts';
import { Backlog, backlogs } from './backlog.ts';
import type { Batch } from './batch.ts';
import { closeReason } from './close-reason.ts';
import type { Connection, ConnectionHandler } from './connection.ts';
import { newConnectionId } from './connection-id.ts';
import { PreparedMessage } from './prepared-message.ts';
import { turns } from './turns.ts';
import type { Wire } from './wire.ts';

/** What the connections of a server share. */
export interface ConnectionSurroundings {
  readonly counters: Counters;
  /** Bytes a connection may be owed; 0 lifts it. */
  readonly outboxLimit: number;
  /** What a connection may have said that waits to be handled, in bytes; 0 lifts it. */
  readonly backlogLimit: number;
  /** Bytes of one message, where the gateway says nothing else; 0 lifts it. */
  readonly messageLimit: number;
  /** Told of what a handler threw; the connection is closed with 1011. */
  onFault(error: unknown): void;
  /** Told once of each connection that is gone, after its handler. */
  onGone(connection: QueuedConnection<unknown>): void;
}

/** Whom a connection was made for. */
export interface ConnectionOwner {
  /** Name of the gateway. */
  readonly name: string;
  /** Bytes of one message; 0 lifts it. Absent: what holds for the server. */
  readonly messageLimit?: number;
  /** Said to a peer that does not read what it is owed. @default CloseCode.slowConsumer */
  readonly slowConsumerCode?: number;
}

/**
 * A connection with an outbox, whatever its line. Everything it is sent within a tick leaves in one write;
 * while the line is busy it holds on to shared messages instead of filling buffers with copies, up to a
 * limit: then the peer counts as a slow consumer and is cut off.
 *
 * Within one turn of the event loop it handles a share of what its peer says; the rest waits for the turns that
 * follow, so that whoever says ten thousand things at once keeps nobody else waiting.
 */
export abstract class QueuedConnection<Packed> implements Connection {
  readonly id: string;
  abstract readonly transport: string;
  readonly #owner: ConnectionOwner;
  protected readonly surroundings: ConnectionSurroundings;
  protected handler: ConnectionHandler | undefined;
  /** Bytes that it may be owed; `Infinity` where there is no limit. */
  protected outboxRoom: number;
  readonly #wire: Wire<Packed>;
  #owed: Batch<Packed>;
  #isScheduled = false;
  #whenTaken: (() => void)[] | undefined;
  #isOpen = true;
  #isGone = false;
  /** The code of whoever closed first on our side; what the peer says after that is no news. */
  #ownCode: number | undefined;
  #ownReason = '';
  /** The turn in which a message was last handled, and how much of the share was used in it. */
  #turn = -1;
  #used = 0;
  #backlog: Backlog | undefined;
  /** How the line ended while messages were waiting. */
  #ending: { readonly code: number; readonly reason: string } | undefined;

  /** `id`: as {@link Connection.id}, where the line has one that its peer knows too. */
  constructor(
    owner: ConnectionOwner,
    wire: Wire<Packed>,
    surroundings: ConnectionSurroundings,
    id: string = newConnectionId(),
  ) {
    this.id = id;
    this.#owner = owner;
    this.surroundings = surroundings;
    this.#wire = wire;
    this.#owed = wire.empty;
    this.outboxRoom = surroundings.outboxLimit === 0 ? Infinity : surroundings.outboxLimit;
  }

  /** Name of the gateway at whose path it came in. */
  get gateway(): string {
    return this.#owner.name;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** From here on, messages go to this handler. */
  handTo(handler: ConnectionHandler): void {
    this.handler = handler;
  }

  send(text: string): boolean {
    return this.sendPrepared(new PreparedMessage(text));
  }

  sendPrepared(message: PreparedMessage): boolean {
    if (!this.#isOpen) return false;
    let owed = this.#owed.with(message);
    if (owed.bytes > this.outboxRoom) {
      // A burst within one tick is no sign of a slow peer: what the line can take goes out early.
      this.flush();
      owed = this.#owed.with(message);
    }
    // One message alone always passes: its size is limited where it comes in.
    if (owed.bytes > this.outboxRoom && !this.#owed.isEmpty) {
      this.#owed = this.#wire.empty;
      this.surroundings.counters.ignore('outbox', 'slow-consumer');
      const code = this.#owner.slowConsumerCode ?? CloseCode.slowConsumer;
      this.shut(code, SLOW);
      this.cutOff(code, SLOW);
      return false;
    }
    this.#owed = owed;
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#wire.schedule(this);
    }
    return true;
  }

  whenTaken(then: () => void): void {
    (this.#whenTaken ??= []).push(then);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#wire.schedule(this);
  }

  /** Writes what is owed, if the line is ready for it. */
  flush(): void {
    this.#isScheduled = false;
    if (!this.isReady) return;
    const owed = this.#owed;
    if (!owed.isEmpty) {
      this.#owed = this.#wire.empty;
      this.write(owed.packed());
    }
    if (this.#whenTaken !== undefined && this.isReady) this.#tellTaken(this.#whenTaken);
  }

  #tellTaken(told: readonly (() => void)[]): void {
    this.#whenTaken = undefined;
    for (const then of told) queueMicrotask(then);
  }

  close(code: number = CloseCode.normal, reason = ''): void {
    if (!this.#isOpen) return;
    const fitted = closeReason(reason);
    this.shut(code, fitted);
    this.sayGoodbye(code, fitted);
  }

  fail(error: unknown): void {
    this.surroundings.onFault(error);
    this.close(CloseCode.internalError, 'internal error');
  }

  /** False while the line has not taken what it was given; whoever finds it true again calls {@link flush}. */
  protected abstract readonly isReady: boolean;

  protected abstract write(packed: Packed): void;

  /** Ends the line in order, after what it is still owed ({@link takeOwed}). */
  protected abstract sayGoodbye(code: number, reason: string): void;

  /** Ends the line at once, whatever is still on it. */
  abstract abort(): void;

  /** Ends a line that does not take what it is given. */
  protected abstract cutOff(code: number, reason: string): void;

  /** Takes out what is owed. */
  protected takeOwed(): Batch<Packed> {
    const owed = this.#owed;
    this.#owed = this.#wire.empty;
    return owed;
  }

  /** From here on nothing is read or sent, and the handler will be told this code, whatever the peer says. */
  protected shut(code: number, reason: string): void {
    this.#isOpen = false;
    this.#ownCode ??= code;
    this.#ownReason ||= reason;
  }

  /** Hands one message to the handler, now or when its turn has come. */
  protected receive(message: string | Buffer): void {
    if (!this.#isOpen) return;
    if (this.#backlog !== undefined || !this.#hasShare()) this.#defer(message);
    else this.#handle(message);
  }

  /** For the queue of backlogs. */
  readOn(): boolean {
    const backlog = this.#backlog;
    if (backlog === undefined) return false;
    while (this.#isOpen && !backlog.isEmpty && this.#hasShare()) this.#handle(backlog.shift() ?? '');
    if (this.#isOpen && !backlog.isEmpty) return true;
    this.#backlog = undefined;
    const ending = this.#ending;
    if (ending !== undefined) this.gone(ending.code, ending.reason);
    else this.release();
    return false;
  }

  /** Something waits: the line may stop reading until {@link release}. */
  protected hold(): void {}

  /** Nothing waits any more. */
  protected release(): void {}

  #hasShare(): boolean {
    const turn = turns.current;
    if (turn !== this.#turn) {
      this.#turn = turn;
      this.#used = 0;
    }
    return this.#used < SHARE;
  }

  #defer(message: string | Buffer): void {
    if (this.#backlog === undefined) {
      this.#backlog = new Backlog();
      backlogs.add(this);
      this.hold();
    }
    this.#backlog.push(message);
    const { backlogLimit, counters } = this.surroundings;
    if (backlogLimit === 0 || this.#backlog.size <= backlogLimit) return;
    counters.ignore('backlog', 'too-much-at-once');
    this.close(CloseCode.policy, 'too much at once');
  }

  #handle(message: string | Buffer): void {
    this.#used += 1 + Math.floor(message.length / UNITS_PER_SHORT_MESSAGE);
    if (typeof message === 'string') this.#handleText(message);
    else this.#handleBinary(message);
  }

  #handleBinary(data: Buffer): void {
    if (this.handler?.binary === undefined) {
      this.surroundings.counters.ignore('websocket', 'binary');
      return;
    }
    this.surroundings.counters.received++;
    try {
      this.handler.binary(data);
    } catch (error) {
      this.fail(error);
    }
  }

  /** If it is not too big. */
  #handleText(message: string): void {
    const { counters } = this.surroundings;
    const messageLimit = this.#owner.messageLimit ?? this.surroundings.messageLimit;
    // A UTF-16 unit is at most three bytes: most messages are measured without encoding them.
    if (
      messageLimit !== 0 &&
      message.length * 3 > messageLimit &&
      Buffer.byteLength(message) > messageLimit
    ) {
      counters.ignore('message', 'too-big');
      this.close(CloseCode.tooBig, 'message too big');
      return;
    }
    counters.received++;
    try {
      this.handler?.message(message);
    } catch (error) {
      this.fail(error);
    }
  }

  /** The line is gone. Tells the handler, once. */
  protected gone(code: number, reason: string): void {
    if (this.#isGone) return;
    if (this.#backlog !== undefined && this.#isOpen && this.#ending === undefined) {
      this.#ending = { code, reason };
      return;
    }
    this.#isGone = true;
    this.#backlog = undefined;
    this.#isOpen = false;
    const { handler } = this;
    this.handler = undefined;
    try {
      handler?.closed(this.#ownCode ?? code, this.#ownCode === undefined ? reason : this.#ownReason);
    } catch (error) {
      this.surroundings.onFault(error);
    }
    this.surroundings.onGone(this);
  }
}

const SLOW = 'slow consumer';
/** Short messages of one connection that are handled within a turn: a few milliseconds at most. */
const SHARE = 100;
/** What is longer counts as so many of these; one message of any length passes. */
const UNITS_PER_SHORT_MESSAGE = 1024;
