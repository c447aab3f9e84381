import { statfs } from 'node:fs/promises';
import type { Logger } from '../../log.ts';
import { writeFailure } from './write-failure.ts';

/** Time between two tries, in ms. */
const RETRY_MS = 1000;
/** What must be free before a try is worth it. */
const ENOUGH_BYTES = 1_048_576;

/** A time in which the store takes nothing, and the tries to end it. */
export class Outage {
  readonly #folder: string;
  readonly #log: Logger;
  readonly #retry: () => void;
  #timer: NodeJS.Timeout | undefined;
  #reason: string | undefined;

  /** `retry` is asked about once a second to write something. */
  constructor(folder: string, log: Logger, retry: () => void) {
    this.#folder = folder;
    this.#log = log;
    this.#retry = retry;
  }

  /** Why nothing is taken; `undefined` while there is no outage. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** Nothing could be written, for this reason. */
  begin(error: unknown): string {
    const reason = `the store cannot be written: ${writeFailure(error)}`;
    if (this.#reason === undefined)
      this.#log.error('the store takes nothing', { reason, folder: this.#folder });
    this.#reason = reason;
    if (this.#timer === undefined) this.#schedule();
    return reason;
  }

  /** Something was written. */
  end(): void {
    if (this.#reason === undefined) return;
    this.#log.info('the store takes everything again', { folder: this.#folder });
    this.#reason = undefined;
    this.stop();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #schedule(): void {
    const timer = setTimeout(() => void this.#tryAgain(timer), RETRY_MS).unref();
    this.#timer = timer;
  }

  /** A disk that is known to be full is not written to. */
  async #tryAgain(timer: NodeJS.Timeout): Promise<void> {
    const { bavail, bsize } = await statfs(this.#folder).catch(() => ({ bavail: Infinity, bsize: 1 }));
    if (this.#timer !== timer) return;
    if (bavail * bsize < ENOUGH_BYTES) {
      this.#schedule();
      return;
    }
    this.#timer = undefined;
    this.#retry();
  }
}
