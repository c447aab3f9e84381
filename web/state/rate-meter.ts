interface Reading {
  readonly at: number;
  readonly total: number;
}

/** Turns readings of an ever growing total into a rate per second over the last few seconds. */
export class RateMeter {
  readonly #windowMs: number;
  #readings: Reading[] = [];

  constructor(windowMs = 5_000) {
    this.#windowMs = windowMs;
  }

  /** Takes a reading. A total that shrinks means the counter began anew, so the meter does too. */
  read(total: number, at: number): void {
    const last = this.#readings.at(-1);
    if (last !== undefined && (total < last.total || at < last.at)) this.#readings = [];
    this.#readings.push({ at, total });
    // The newest reading at or before the window's start stays: it is what the window counts from.
    while (this.#readings.length > 2 && (this.#readings[1]?.at ?? at) <= at - this.#windowMs) {
      this.#readings.shift();
    }
  }

  /** Per second; `null` until two readings have been taken. A total that nobody reports is taken to rest. */
  rate(now: number): number | null {
    const last = this.#readings.at(-1);
    if (last === undefined || this.#readings.length < 2) return null;
    const from = now - this.#windowMs;
    const base = this.#readings.findLast((reading) => reading.at <= from) ?? this.#readings[0] ?? last;
    const seconds = (Math.min(now - base.at, this.#windowMs) || 1) / 1_000;
    return Math.max(0, (last.total - base.total) / seconds);
  }

  clear(): void {
    this.#readings = [];
  }
}
