import { CloseCode } from '../../protocol/close-codes.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { Batch } from './batch.ts';
import { closeReason } from './close-reason.ts';
import type { Connection, ConnectionHandler } from './connection.ts';
import { newConnectionId } from './connection-id.ts';
import { PreparedMessage } from './prepared-message.ts';
import type { Wire } from './wire.ts';

/** What the connections of a server share. */
export interface ConnectionSurroundings {
  readonly counters: Counters;
  /** Bytes a connection may be owed; 0 lifts it. */
  readonly outboxLimit: number;
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
}

/**
 * A connection with an outbox, whatever its line. Everything it is sent within a tick leaves in one write;
 * while the line is busy it holds on to shared messages instead of filling buffers with copies, up to a
 * limit: then the peer counts as a slow consumer and is cut off.
 */
export abstract class QueuedConnection<Packed> implements Connection {
  readonly id: string;
  abstract readonly transport: string;
  readonly #owner: ConnectionOwner;
  protected readonly surroundings: ConnectionSurroundings;
  protected handler: ConnectionHandler | undefined;
  readonly #wire: Wire<Packed>;
  #owed: Batch<Packed>;
  #isScheduled = false;
  #isOpen = true;
  #isGone = false;
  /** The code of whoever closed first on our side; what the peer says after that is no news. */
  #ownCode: number | undefined;
  #ownReason = '';

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
    const { outboxLimit } = this.surroundings;
    if (outboxLimit !== 0 && owed.bytes > outboxLimit) {
      // A burst within one tick is no sign of a slow peer: what the line can take goes out early.
      this.flush();
      owed = this.#owed.with(message);
    }
    // One message alone always passes: its size is limited where it comes in.
    if (outboxLimit !== 0 && owed.bytes > outboxLimit && !this.#owed.isEmpty) {
      this.#owed = this.#wire.empty;
      this.surroundings.counters.ignore('outbox', 'slow-consumer');
      this.shut(CloseCode.slowConsumer, SLOW);
      this.cutOff(CloseCode.slowConsumer, SLOW);
      return false;
    }
    this.#owed = owed;
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#wire.schedule(this);
    }
    return true;
  }

  /** Writes what is owed, if the line is ready for it. */
  flush(): void {
    this.#isScheduled = false;
    const owed = this.#owed;
    if (owed.isEmpty || !this.isReady) return;
    this.#owed = this.#wire.empty;
    this.write(owed.packed());
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

  /** Hands one message to the handler, if it is not too big. */
  protected receive(message: string): void {
    if (!this.#isOpen) return;
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
    this.#isGone = true;
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
