/** What is streamed arrives this much later than what is not: something on the way collects it. */
export const LAG_MS = 25;

/** Fewer measurements say nothing. */
const LEAST = 3;

/** More say no more. */
const MOST = 7;

/**
 * By how much what is streamed arrives later than need be. A line that is only shaky is late now and then, and one that
 * is slow may seem to be in time once when the computer is busy; so it is the best of few measurements that counts,
 * or the second best of many.
 */
export class LagMeter {
  readonly #lags: number[] = [];

  add(lagMs: number): void {
    this.#lags.push(lagMs);
    if (this.#lags.length > MOST) this.#lags.shift();
  }

  /** In ms; `null`: not known yet. */
  get lagMs(): number | null {
    const count = this.#lags.length;
    if (count < LEAST) return null;
    return this.#lags.toSorted((a, b) => a - b)[count < MOST - 1 ? 0 : 1] ?? null;
  }

  /** Some were late and some in time: more measurements would help. */
  get isUnsure(): boolean {
    const late = this.#lags.filter((lagMs) => lagMs > LAG_MS).length;
    return late > 0 && late < this.#lags.length && this.#lags.length < MOST;
  }
}
