import type { Clock } from './clock.ts';

const BASE_MS = 500;
const CAP_MS = 20_000;

/** A connection that lived this long was a good one. */
export const HEALTHY_MS = 10_000;

/**
 * How long to wait before the next try: random between 0 and a bound that doubles, from the first try on
 * ("full jitter"), so that clients which lost the same server do not come back in step. The bound is never more
 * than half a second above the time since the last good connection: who was away for a moment is back in a moment.
 */
export class Backoff {
  readonly #random: () => number;
  readonly #clock: Clock;
  #attempt = 0;
  #awaySince: number;

  /** `random` answers like `Math.random`. */
  constructor(random: () => number, clock: Clock) {
    this.#random = random;
    this.#clock = clock;
    this.#awaySince = clock.now();
  }

  /** Counts from 1. */
  next(): { readonly attempt: number; readonly delayMs: number } {
    const awayMs = Math.max(0, this.#clock.now() - this.#awaySince);
    const bound = Math.min(CAP_MS, BASE_MS * 2 ** this.#attempt, awayMs + BASE_MS);
    this.#attempt += 1;
    return { attempt: this.#attempt, delayMs: Math.floor(this.#random() * bound) };
  }

  /** Tells how long the connection held that just ended; a life shorter than `enoughMs` does not count as a success. */
  lived(ms: number, enoughMs = HEALTHY_MS): void {
    if (ms < enoughMs) return;
    this.#attempt = 0;
    this.#awaySince = this.#clock.now();
  }
}
