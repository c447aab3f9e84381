/** Samples that are kept; enough for a median that one stall does not move. */
const KEPT = 200;

/** What a path that was never measured is taken for, ms. */
const UNKNOWN_MS = 1000;

/** No wait is longer, ms. */
const LONGEST_MS = 30_000;

/**
 * How fast the path is, as measured so far, and how long to wait for something on it: slow is not blocked, so
 * whoever waits counts in round trips.
 */
export class Pace {
  readonly #samples: number[] = [];

  /** How long an answer took, ms. */
  add(roundTripMs: number): void {
    this.#samples.push(roundTripMs);
    if (this.#samples.length > KEPT) this.#samples.shift();
  }

  /** The median, ms. */
  get roundTripMs(): number {
    return this.#at(0.5);
  }

  /** What nine of ten answers do not exceed, less the median, ms. */
  get jitterMs(): number {
    return this.#at(0.9) - this.#at(0.5);
  }

  /** The quickest answer, ms. */
  get shortestMs(): number {
    return this.#at(0);
  }

  /** What three of four answers do not undercut, ms: the way itself, without what stalls on it. */
  get plainMs(): number {
    return this.#at(0.25);
  }

  /** `floorMs` that a fast path gets as well, and so many round trips of the slowest kind. */
  patience(floorMs: number, roundTrips: number): number {
    return Math.min(LONGEST_MS, floorMs + roundTrips * this.#at(0.95));
  }

  #at(share: number): number {
    if (this.#samples.length === 0) return UNKNOWN_MS;
    const sorted = this.#samples.toSorted((a, b) => a - b);
    return sorted[Math.floor(share * (sorted.length - 1))] ?? UNKNOWN_MS;
  }
}
