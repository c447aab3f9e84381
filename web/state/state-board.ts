import type { RoomStateChange, StateEntry } from '../../client/index.ts';
import { type EditedState, type EditIntent, StateEdit } from './state-edit.ts';

/** As much of a room's state as is shown. */
export type ShownState = EditedState & { entries(): readonly StateEntry[] };

/** One key as the page shows it. */
export interface StateRow {
  readonly key: string;
  /** `undefined` when the key is gone, though the user still edits it. */
  readonly value: unknown;
  readonly rev: number;
  /** `null` when it has not changed since the page was opened. */
  readonly change: RowChange | null;
  readonly edit: StateEdit | null;
}

/** A change that was seen. */
export interface RowChange {
  /** Who made it, as far as that is known. */
  readonly by: string | null;
  /** Another one for every change. */
  readonly turn: number;
}

/** The newest change, in words' parts. */
export interface LatestChange {
  readonly by: string | null;
  readonly keys: readonly string[];
  /** All of the keys are gone. */
  readonly isRemoval: boolean;
}

/** A room's state while the user looks: what changes in it, and what they are about to change. */
export class StateBoard {
  readonly #changed: () => void;
  readonly #changes = new Map<string, RowChange>();
  readonly #edits = new Map<string, StateEdit>();
  #state: ShownState | null = null;
  #rows: readonly StateRow[] = [];
  #isStale = false;
  #addition: StateEdit | null = null;
  #latest: LatestChange | null = null;
  #turns = 0;

  constructor(changed: () => void) {
    this.#changed = () => {
      this.#isStale = true;
      changed();
    };
  }

  /**
   * In the order in which keys were first set; what is edited though it is gone comes last. A row that is not edited
   * stays the same object until it changes.
   */
  get rows(): readonly StateRow[] {
    if (this.#isStale) this.#rows = this.#buildRows();
    this.#isStale = false;
    return this.#rows;
  }

  /** The key that is added. */
  get addition(): StateEdit | null {
    return this.#addition;
  }

  /** `null` when nothing has changed since the page was opened. */
  get latest(): LatestChange | null {
    return this.#latest;
  }

  /** Shows this state from now on; edits go on, of keys of the same name. */
  show(state: ShownState): void {
    this.#state = state;
    this.#changed();
  }

  /** The state has changed; `nameOf` knows who is behind a member id. */
  note({ entries, by }: RoomStateChange, nameOf: (id: string) => string | null): void {
    const name = by === null ? null : nameOf(by);
    this.#turns += 1;
    for (const { key, value } of entries) {
      if (value === undefined) this.#changes.delete(key);
      else this.#changes.set(key, { by: name, turn: this.#turns });
    }
    this.#latest = {
      by: name,
      keys: entries.map(({ key }) => key),
      isRemoval: entries.every(({ value }) => value === undefined),
    };
    this.#changed();
  }

  /** The user is about to change or remove a key. */
  edit(key: string, intent: Exclude<EditIntent, 'add'>): void {
    const entry = this.#state?.entry(key);
    if (entry === undefined) return;
    this.#edits.set(key, this.#newEdit(intent, entry));
    this.#changed();
  }

  /** The user is about to add a key. */
  add(): void {
    this.#addition = this.#newEdit('add', null);
    this.#changed();
  }

  /** The user has given up, or has seen that it is done. */
  close(edit: StateEdit): void {
    if (this.#addition === edit) this.#addition = null;
    if (this.#edits.get(edit.key) === edit) this.#edits.delete(edit.key);
    this.#changed();
  }

  #buildRows(): readonly StateRow[] {
    const before = new Map(this.#rows.map((row) => [row.key, row]));
    const entries = this.#state?.entries() ?? [];
    const known = new Set(entries.map(({ key }) => key));
    const gone = [...this.#edits.keys()].filter((key) => !known.has(key)).map((key) => ({ key, rev: 0 }));
    return [...entries, ...gone].map(({ key, value, rev }: StateEntry) => {
      const change = this.#changes.get(key) ?? null;
      const edit = this.#edits.get(key) ?? null;
      const row = before.get(key);
      const isSame =
        edit === null &&
        row?.edit === null &&
        row.value === value &&
        row.rev === rev &&
        row.change === change;
      return isSame ? row : { key, value, rev, change, edit };
    });
  }

  #newEdit(intent: EditIntent, entry: StateEntry | null): StateEdit {
    const edit: StateEdit = new StateEdit(
      intent,
      entry,
      () => this.#state,
      () => {
        if (edit.phase === 'done') this.close(edit);
        else this.#changed();
      },
    );
    return edit;
  }
}
