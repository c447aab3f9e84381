const BASE_MS = 500;
const CAP_MS = 20_000;

/** A connection that lived this long was a good one: the next loss starts from the shortest wait again. */
export const HEALTHY_MS = 10_000;

/**
 * How long to wait before the next try: random between 0 and a bound that doubles, from the first try on
 * ("full jitter"), so that clients which lost the same server do not come back in step.
 */
export class Backoff {
  readonly #random: () => number;
  #attempt = 0;

  /** `random` answers like `Math.random`. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Counts from 1. */
  next(): { readonly attempt: number; readonly delayMs: number } {
    const bound = Math.min(CAP_MS, BASE_MS * 2 ** this.#attempt);
    this.#attempt += 1;
    return { attempt: this.#attempt, delayMs: Math.floor(this.#random() * bound) };
  }

  /** Tells how long the last try held; a short life does not count as a success. */
  lived(ms: number): void {
    if (ms >= HEALTHY_MS) this.#attempt = 0;
  }
}
