import { HubError } from '../../hub/errors.ts';
import { Batch } from './batch.ts';
import type { Operation, Outcome } from './operation.ts';
import { StoreDamage } from './store-damage.ts';
import type { Store } from './store.ts';

/** Most that one batch takes; the listener is told of a whole batch without a pause. */
const BATCH_OPERATIONS = 250;
const BATCH_BYTES = 4_194_304;
/** Most that may wait. */
const QUEUE_OPERATIONS = 100_000;
const QUEUE_BYTES = 134_217_728;

/** What becomes of batches. */
export interface CommitListener {
  /** So many bytes were written. */
  committed(bytes: number): void;
  /** Nothing of the batch has happened. Gives what those are told who asked for it, or for what was waiting. */
  failed(error: unknown): unknown;
  /** Telling of something that is committed went wrong. */
  faulted(error: unknown): void;
}

/**
 * Commits operations in the order they come: all that come while one batch is being written are the next one, so
 * the more there is to do, the less each costs.
 */
export class GroupCommit {
  readonly #store: Store;
  readonly #listener: CommitListener;
  #queue: Operation[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;
  /** So many of the queue are committed one by one, for one of them could not be. */
  #suspects = 0;

  constructor(store: Store, listener: CommitListener) {
    this.#store = store;
    this.#listener = listener;
  }

  /** @throws HubError `unavailable` when too much is waiting. */
  add(operation: Operation): void {
    const isFull = this.#queue.length >= QUEUE_OPERATIONS || this.#bytes >= QUEUE_BYTES;
    if (isFull && !operation.isOwed) throw new HubError('unavailable', 'the store is too far behind');
    this.#queue.push(operation);
    this.#bytes += operation.bytes;
    this.#running ??= this.#run();
  }

  /** Resolves when nothing is being written, and nothing waits but what could not be. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Whatever else this turn of the event loop brings belongs to the same batch.
    await new Promise(setImmediate);
    let isWritten = true;
    while (isWritten && this.#queue.length > 0) isWritten = await this.#commitNext();
    this.#running = undefined;
  }

  async #commitNext(): Promise<boolean> {
    const batch = new Batch(this.#store);
    const [operations, outcomes] = this.#draftNext(batch);
    try {
      await batch.write();
    } catch (error) {
      batch.drop();
      return this.#failed(operations, error);
    }
    this.#tell(() => this.#listener.committed(batch.writes.bytes));
    for (const outcome of outcomes) this.#tell(outcome);
    batch.commit();
    return true;
  }

  #draftNext(batch: Batch): [Operation[], Outcome[]] {
    const outcomes: Outcome[] = [];
    let bytes = 0;
    for (const operation of this.#queue) {
      const most = this.#suspects > 0 ? 1 : BATCH_OPERATIONS;
      const isFull = outcomes.length >= most || bytes >= BATCH_BYTES;
      if (isFull || operation.mustWait(batch)) break;
      outcomes.push(draft(operation, batch));
      bytes += operation.bytes;
    }
    this.#bytes -= bytes;
    this.#suspects = Math.max(this.#suspects - outcomes.length, 0);
    return [this.#queue.splice(0, outcomes.length), outcomes];
  }

  /** False when nothing can be written; where a part of the store is damaged, others need not suffer for it. */
  #failed(operations: readonly Operation[], error: unknown): boolean {
    if (!(error instanceof StoreDamage)) {
      this.#refuse([...operations, ...this.#queue], this.#listener.failed(error));
      return false;
    }
    if (operations.length > 1) {
      this.#queue.unshift(...operations);
      this.#bytes += operations.reduce((sum, { bytes }) => sum + bytes, 0);
      this.#suspects = operations.length;
    } else {
      for (const operation of operations) this.#tell(() => operation.refuse(error));
    }
    return true;
  }

  #refuse(operations: readonly Operation[], error: unknown): void {
    this.#queue = operations.filter(({ isOwed }) => isOwed);
    this.#bytes = this.#queue.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const operation of operations) {
      if (!operation.isOwed) this.#tell(() => operation.refuse(error));
    }
  }

  #tell(outcome: Outcome): void {
    try {
      outcome();
    } catch (error) {
      this.#listener.faulted(error);
    }
  }
}

/** A mistake of one is no mistake of the others. */
function draft(operation: Operation, batch: Batch): Outcome {
  try {
    return operation.draft(batch);
  } catch (error) {
    return () => operation.refuse(error);
  }
}
