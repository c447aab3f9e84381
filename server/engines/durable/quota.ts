import type { Logger } from '../../log.ts';
import type { Store } from './store.ts';

/** Bytes written between two looks at how large the store has become. */
const STEP_BYTES = 1_048_576;

/** How much of the disk the store may take. */
export class Quota {
  readonly #store: Store;
  readonly #limit: number;
  readonly #log: Logger;
  #written = 0;
  #isFull = false;

  /** `limit` in bytes; 0 lifts it. */
  constructor(store: Store, limit: number, log: Logger) {
    this.#store = store;
    this.#limit = limit;
    this.#log = log;
    this.check();
  }

  /** Why nothing may be added; `undefined` while something may. */
  get reason(): string | undefined {
    return this.#isFull ? `the store has reached its limit of ${this.#limit} bytes (storeBytes)` : undefined;
  }

  /** So many bytes were added. */
  add(bytes: number): void {
    this.#written += bytes;
    if (this.#written >= STEP_BYTES) this.check();
  }

  check(): void {
    this.#written = 0;
    if (this.#limit === 0) return;
    const isFull = this.#store.bytes >= this.#limit;
    if (isFull === this.#isFull) return;
    this.#isFull = isFull;
    if (isFull) this.#log.error('the store takes nothing', { reason: this.reason });
    else this.#log.info('the store takes everything again');
  }
}
