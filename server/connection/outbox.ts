import type { Batch } from './batch.ts';
import type { PreparedMessage } from './prepared-message.ts';
import type { Wire } from './wire.ts';

/** Where an outbox writes to. */
export interface Sink<Packed> {
  /** False while the line has not taken what it was given. Whoever turns it true again calls {@link Outbox.flush}. */
  readonly isReady: boolean;
  write(packed: Packed): void;
  /** The outbox is over its limit: the peer does not read. What it was owed is dropped. */
  overflow(): void;
}

/**
 * What one connection is owed, in order. Everything queued within a tick leaves in one write; while the line
 * is busy the outbox holds on to shared messages instead of filling socket buffers with copies.
 */
export class Outbox<Packed> {
  readonly #wire: Wire<Packed>;
  readonly #sink: Sink<Packed>;
  readonly #limitBytes: number;
  #owed: Batch<Packed>;
  #isScheduled = false;

  /** `limitBytes`: most that may be owed at a time; 0 lifts it. */
  constructor(wire: Wire<Packed>, sink: Sink<Packed>, limitBytes: number) {
    this.#wire = wire;
    this.#sink = sink;
    this.#limitBytes = limitBytes === 0 ? Infinity : limitBytes;
    this.#owed = wire.empty;
  }

  /** False when this message put the outbox over its limit. */
  push(message: PreparedMessage): boolean {
    const owed = this.#owed.with(message);
    // One message alone always passes: its size is limited where it comes in.
    if (owed.bytes > this.#limitBytes && !this.#owed.isEmpty) {
      this.#owed = this.#wire.empty;
      this.#sink.overflow();
      return false;
    }
    this.#owed = owed;
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#wire.schedule(this);
    }
    return true;
  }

  /** Writes what is owed if the line is ready for it. */
  flush(): void {
    this.#isScheduled = false;
    const owed = this.#owed;
    if (owed.isEmpty || !this.#sink.isReady) return;
    this.#owed = this.#wire.empty;
    this.#sink.write(owed.packed());
  }

  /** Takes out what is owed, oldest first, for whoever delivers it another way. */
  drain(): PreparedMessage[] {
    const messages = this.#owed.messages();
    this.#owed = this.#wire.empty;
    return messages;
  }
}
