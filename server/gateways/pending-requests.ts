import { HubError } from '../hub/errors.ts';

/** The requests of one connection that wait for their turn, or for hooks. */
export class PendingRequests {
  readonly #limit: number;
  #count = 0;
  #bytes = 0;
  #onNone: (() => void) | undefined;

  /** `limit`: bytes of requests that may wait at a time; 0 lifts it. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @throws HubError when one more request of this many bytes would be too much. */
  check(bytes: number): void {
    if (this.#limit !== 0 && this.#count > 0 && this.#bytes + bytes + OVERHEAD > this.#limit) {
      throw new HubError('limit', 'too many requests at a time');
    }
  }

  /** Counts a request until its work is done, which never fails: refusals are its own affair. */
  add(bytes: number, work: Promise<void>): void {
    this.#count++;
    this.#bytes += bytes + OVERHEAD;
    void work.finally(() => {
      this.#count--;
      this.#bytes -= bytes + OVERHEAD;
      if (this.#count === 0) this.#onNone?.();
    });
  }

  /** Tells when nothing waits any more: at once if nothing does. */
  whenNone(then: () => void): void {
    if (this.#count === 0) then();
    else this.#onNone = then;
  }
}

/** What a request that waits takes beside its text. */
const OVERHEAD = 256;
