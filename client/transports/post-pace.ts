/** What a POST may take beyond what any takes. */
const TARGET_MS = 1000;

const FIRST_BYTES = 16 * 1024;
const LEAST_BYTES = 2 * 1024;

/**
 * How much one POST may carry so that it takes about a second on this network: what is sent later waits for it, and
 * whether the line lives is not known meanwhile.
 */
export class PostPace {
  #bytes = FIRST_BYTES;
  /** What the network takes for the smallest of them, as far as one can see. */
  #leastMs = Infinity;

  get bytes(): number {
    return this.#bytes;
  }

  /** A POST of this size was answered after this time. */
  took(bytes: number, ms: number): void {
    this.#leastMs = Math.min(this.#leastMs, ms);
    const ownMs = ms - this.#leastMs;
    if (ownMs > TARGET_MS && bytes > LEAST_BYTES) {
      this.#bytes = Math.max(LEAST_BYTES, Math.floor((bytes * TARGET_MS) / ownMs));
    } else if (ownMs < TARGET_MS / 2 && bytes > this.#bytes / 2) {
      this.#bytes = 2 * Math.max(bytes, this.#bytes);
    }
  }
}
