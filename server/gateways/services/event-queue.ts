/**
 * Hands events to a handler one after the other: while the promise of one is not settled, the next ones wait.
 * As long as the handler is quick, there is no promise and no waiting.
 */
export class EventQueue<Event> {
  /** Gives a promise, which is never rejected, when it is not through yet. */
  readonly #handle: (event: Event) => Promise<void> | undefined;
  readonly #limit: number;
  #waiting: { readonly event: Event; readonly bytes: number }[] = [];
  #bytes = 0;
  #isBusy = false;

  /** `limit`: bytes that may wait; 0 lifts it. */
  constructor(handle: (event: Event) => Promise<void> | undefined, limit: number) {
    this.#handle = handle;
    this.#limit = limit;
  }

  /** `text` is what of the event a peer has sent. False when too much of that waits, and the event is dropped. */
  push(event: Event, text?: string): boolean {
    // What surrounds a text takes up memory too, so that empty ones count.
    const bytes = this.#isBusy && text !== undefined ? Buffer.byteLength(text) + OVERHEAD : 0;
    if (text !== undefined && this.#limit !== 0 && this.#bytes + bytes > this.#limit) return false;
    this.#waiting.push({ event, bytes });
    this.#bytes += bytes;
    if (!this.#isBusy) this.#run();
    return true;
  }

  #run(): void {
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#bytes -= next.bytes;
      const pending = this.#handle(next.event);
      if (pending !== undefined) {
        void pending.then(() => this.#run());
        return;
      }
    }
    this.#isBusy = false;
  }
}

const OVERHEAD = 64;
