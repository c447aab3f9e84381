import { Batch } from './batch.ts';
import type { Outbox } from './outbox.ts';
import type { PreparedMessage } from './prepared-message.ts';

/**
 * One form in which messages leave this server (WebSocket frames, a SockJS array in a WebSocket frame, a
 * SockJS array as text), and the outboxes that have something to send in it at the end of this tick.
 */
export class Wire<Packed> {
  /** Where every outbox of this wire starts. */
  readonly empty: Batch<Packed>;
  readonly pack: (messages: readonly PreparedMessage[]) => Packed;
  #due: Outbox<Packed>[] = [];

  constructor(pack: (messages: readonly PreparedMessage[]) => Packed) {
    this.pack = pack;
    this.empty = new Batch(this);
  }

  /**
   * Flushes the outbox once all sockets that are ready in this turn of the event loop have been read.
   * A microtask would miss what the other sockets of the turn bring, a timer would add delay for nothing.
   */
  schedule(outbox: Outbox<Packed>): void {
    if (this.#due.push(outbox) === 1) setImmediate(this.#flush);
  }

  readonly #flush = (): void => {
    const due = this.#due;
    this.#due = [];
    for (const outbox of due) outbox.flush();
    this.empty.forget();
  };
}
