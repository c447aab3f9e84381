import type { Clock } from '../clock.ts';

/** Whoever is blocked for long is asked less often, but never less often than this. */
const LONGEST_MS = 300_000;

/** When better transports are tried again: after a while, and each time after twice as long. */
export class ProbeTimes {
  readonly #clock: Clock;
  readonly #firstMs: number;
  readonly #due: () => void;
  #waitMs: number;
  #nextAt: number | null = null;
  #cancel: () => void = () => undefined;

  constructor(clock: Clock, firstMs: number, due: () => void) {
    this.#clock = clock;
    this.#firstMs = firstMs;
    this.#due = due;
    this.#waitMs = firstMs;
  }

  /** ms since 1970; `null`: none is planned. */
  get nextAt(): number | null {
    return this.#nextAt;
  }

  /** Plans the next one, unless one is planned. */
  again(): void {
    if (this.#nextAt !== null) return;
    const delayMs = this.#waitMs;
    this.#waitMs = Math.min(delayMs * 2, Math.max(LONGEST_MS, this.#firstMs));
    this.#nextAt = this.#clock.now() + delayMs;
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#nextAt = null;
      this.#due();
    });
  }

  /** Plans none. */
  stop(): void {
    this.#cancel();
    this.#nextAt = null;
  }

  /** One succeeded, or circumstances changed: the next wait is the first again. */
  reset(): void {
    this.#waitMs = this.#firstMs;
  }
}
