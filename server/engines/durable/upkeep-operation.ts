import type { Batch } from './batch.ts';
import type { Operation, Outcome } from './operation.ts';

/** Something that the store does for itself. */
export class UpkeepOperation implements Operation {
  readonly bytes = 0;
  readonly isOwed = false;
  /** Resolves when it is done, rejects when it is refused. */
  readonly settled: Promise<void>;
  readonly #draft: (batch: Batch) => void;
  #resolve: () => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(draft: (batch: Batch) => void) {
    this.#draft = draft;
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  mustWait(): boolean {
    return false;
  }

  draft(batch: Batch): Outcome {
    this.#draft(batch);
    return this.#resolve;
  }

  refuse(error: unknown): void {
    this.#reject(error);
  }
}
