import { ConflictError, type Revision, type SetOptions, type StateEntry } from '../../client/index.ts';
import type { ShownState } from './state-board.ts';

/** The state of a room as the server keeps it and everyone in the room sees it. */
export class KeptState implements ShownState {
  readonly #cells = new Map<string, StateEntry>();
  epoch = 'e1';
  /** Thrown by the next change in place of its doing anything. */
  failure: Error | null = null;
  #rev = 0;

  get revision(): Revision {
    return { epoch: this.epoch, rev: this.#rev };
  }

  entry(key: string): StateEntry | undefined {
    const cell = this.#cells.get(key);
    return cell?.value === undefined ? undefined : cell;
  }

  entries(): readonly StateEntry[] {
    return [...this.#cells.values()].filter(({ value }) => value !== undefined);
  }

  set(key: string, value: unknown, options?: SetOptions): Promise<Revision> {
    return this.#change({ key, value }, options);
  }

  delete(key: string, options?: SetOptions): Promise<Revision> {
    return this.#change({ key }, options);
  }

  /** The room has another stream. */
  startOver(): void {
    this.epoch += '+';
    this.#rev = 0;
    this.#cells.clear();
  }

  async #change(entry: { key: string; value?: unknown }, { ifRev }: SetOptions = {}): Promise<Revision> {
    await Promise.resolve();
    const { failure } = this;
    this.failure = null;
    if (failure !== null) throw failure;
    const now = this.#cells.get(entry.key) ?? { key: entry.key, rev: 0 };
    const holds = ifRev === undefined || ifRev === now.rev || (ifRev === 0 && now.value === undefined);
    if (!holds) throw new ConflictError('it is not as it was', [now]);
    this.#rev += 1;
    this.#cells.set(entry.key, { ...entry, rev: this.#rev });
    return this.revision;
  }
}
