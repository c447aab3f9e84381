import type { Batch } from './batch.ts';

/** What is to happen when the batch is committed. */
export type Outcome = () => void;

/** Something that is to be committed, in its turn. */
export interface Operation {
  /** About what it takes while it waits. */
  readonly bytes: number;
  /** Nobody can be told that it has not happened: it is tried until it has. */
  readonly isOwed: boolean;
  /** It needs a batch after this one. */
  mustWait(batch: Batch): boolean;
  /**
   * Adds it to a batch.
   *
   * @throws what refuses it; then the batch is as it was.
   */
  draft(batch: Batch): Outcome;
  /** It has not happened. */
  refuse(error: unknown): void;
}
