import type { StateEntry } from '../../protocol/rooms.ts';
import { cellBytes, toCell, type Cell, type Entry } from './entries.ts';
import { ConflictError, HubError } from './errors.ts';
import type { StateLimits, StateView } from './state-view.ts';

/** What is to become of one key, if it is as it should be. */
export interface ConditionalEntry extends Entry {
  /** The key's revision; 0: there must be no such key. Absent: whatever it is. */
  readonly ifRev?: number | undefined;
}

/** What became of one key in a draft. */
export interface DraftedCell {
  /** `undefined`: it goes. */
  readonly cell: Cell | undefined;
  readonly rev: number;
}

/** Changes made one after the other on top of a state, each whole, that are seen when they are committed. */
export class StateDraft {
  readonly #base: StateView;
  readonly #limits: StateLimits;
  readonly #commit: (rev: number, cells: ReadonlyMap<string, DraftedCell>, bytes: number) => void;
  readonly #cells = new Map<string, DraftedCell>();
  #rev: number;
  #keys: number;
  #bytes: number;

  constructor(
    base: StateView,
    limits: StateLimits,
    commit: (rev: number, cells: ReadonlyMap<string, DraftedCell>, bytes: number) => void,
  ) {
    this.#base = base;
    this.#limits = limits;
    this.#commit = commit;
    this.#rev = base.rev;
    this.#keys = base.values.size;
    this.#bytes = base.bytes;
  }

  get rev(): number {
    return this.#rev;
  }

  /** What the changes so far did to which keys. */
  get cells(): ReadonlyMap<string, DraftedCell> {
    return this.#cells;
  }

  /**
   * Makes one change on top of those before, and gives its revision. Entries are taken one after the other, but
   * conditions are of the state before the first.
   *
   * @throws ConflictError, HubError `limit` or TypeError; then the draft is as it was.
   */
  change(entries: readonly ConditionalEntry[]): number {
    this.#checkConditions(entries);
    const next = new Map<string, Cell | undefined>();
    let keys = this.#keys;
    let bytes = this.#bytes;
    for (const entry of entries) {
      const cell = toCell(entry);
      const before = next.has(entry.key) ? next.get(entry.key) : this.#cell(entry.key);
      keys += Number(cell !== undefined) - Number(before !== undefined);
      bytes += (cell?.bytes ?? 0) - (before?.bytes ?? 0);
      next.set(entry.key, cell);
    }
    checkLimits(this.#limits, { keys: this.#keys, bytes: this.#bytes }, { keys, bytes });
    this.#rev++;
    this.#keys = keys;
    this.#bytes = bytes;
    for (const [key, cell] of next) this.#cells.set(key, { cell, rev: this.#rev });
    return this.#rev;
  }

  /** How a key is with the changes so far. */
  entry(key: string): StateEntry {
    const cell = this.#cell(key);
    const rev = this.#cells.get(key)?.rev ?? this.#base.revOf(key);
    return cell === undefined ? { key, rev } : { key, value: cell.value, rev };
  }

  /** Makes the changes seen. */
  commit(): void {
    this.#commit(this.#rev, this.#cells, this.#bytes);
  }

  #cell(key: string): Cell | undefined {
    const drafted = this.#cells.get(key);
    if (drafted !== undefined) return drafted.cell;
    const value = this.#base.values.get(key);
    return value === undefined ? undefined : { value, bytes: cellBytes(key, value) };
  }

  #checkConditions(entries: readonly ConditionalEntry[]): void {
    const conflicts = new Map<string, StateEntry>();
    for (const { key, ifRev } of entries) {
      if (ifRev === undefined) continue;
      const now = this.entry(key);
      if (now.rev !== ifRev && !(ifRev === 0 && now.value === undefined)) conflicts.set(key, now);
    }
    if (conflicts.size > 0) throw new ConflictError([...conflicts.values()]);
  }
}

/** What shrinks always fits, or a state that is over its limit could never get below it again. */
function checkLimits(
  limits: StateLimits,
  before: { readonly keys: number; readonly bytes: number },
  after: { readonly keys: number; readonly bytes: number },
): void {
  if (limits.keys !== 0 && after.keys > limits.keys && after.keys > before.keys) {
    throw new HubError('limit', `a state has at most ${limits.keys} keys`);
  }
  if (limits.bytes !== 0 && after.bytes > limits.bytes && after.bytes > before.bytes) {
    throw new HubError('limit', `a state has at most ${limits.bytes} bytes`);
  }
}
