import type { Socket } from 'node:net';

/** One direction of a line: hands bytes on when they are due, in their order. */
export class DelayedPipe {
  readonly #to: Socket;
  /** The end of the stream is `null`. */
  readonly #waiting: { readonly bytes: Buffer | null; readonly due: number }[] = [];
  #lastDue = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(to: Socket) {
    this.#to = to;
  }

  /** When what was put in last is due, in ms of `performance.now()`. */
  get lastDue(): number {
    return this.#lastDue;
  }

  /** `null` ends the other side once everything before has gone out. */
  put(bytes: Buffer | null, delayMs: number): void {
    this.#lastDue = Math.max(this.#lastDue, performance.now() + delayMs);
    this.#waiting.push({ bytes, due: this.#lastDue });
    this.#handOn();
  }

  /** Nothing goes out any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#waiting.length = 0;
  }

  #handOn(): void {
    clearTimeout(this.#timer);
    for (;;) {
      const [first] = this.#waiting;
      if (first === undefined) return;
      // Timers are a little early at times, by less than a millisecond.
      const leftMs = first.due - performance.now();
      if (leftMs >= 1) {
        this.#timer = setTimeout(() => this.#handOn(), leftMs);
        return;
      }
      this.#waiting.shift();
      if (this.#to.destroyed) continue;
      if (first.bytes === null) this.#to.end();
      else this.#to.write(first.bytes);
    }
  }
}
