import type { Revision, StateEntry } from '../../protocol/rooms.ts';

/** A room's state as it was last heard of. */
export class StateView {
  /** In the order in which keys were first set. */
  readonly #entries = new Map<string, StateEntry>();
  #revision: Revision | null = null;

  /** `null` before the first snapshot. */
  get revision(): Revision | null {
    return this.#revision;
  }

  get list(): readonly StateEntry[] {
    return [...this.#entries.values()];
  }

  find(key: string): StateEntry | undefined {
    return this.#entries.get(key);
  }

  /** Takes over a snapshot; answers what is different, for keys that are gone with the snapshot's revision. */
  replace({ epoch, rev }: Revision, entries: readonly StateEntry[]): readonly StateEntry[] {
    const before = new Map(this.#entries);
    const isSameEpoch = this.#revision?.epoch === epoch;
    this.#revision = { epoch, rev };
    this.#entries.clear();
    const changed: StateEntry[] = [];
    for (const entry of entries) {
      this.#entries.set(entry.key, entry);
      if (!isSameEpoch || before.get(entry.key)?.rev !== entry.rev) changed.push(entry);
      before.delete(entry.key);
    }
    const gone = Array.from(before.keys(), (key) => ({ key, rev }));
    return [...gone, ...changed];
  }

  /** Takes over one change; false when it is part of what was seen already. */
  apply({ epoch, rev }: Revision, entries: readonly StateEntry[]): boolean {
    const before = this.#revision;
    if (before?.epoch !== epoch) this.#entries.clear();
    else if (rev <= before.rev) return false;
    this.#revision = { epoch, rev };
    for (const entry of entries) {
      if ('value' in entry) this.#entries.set(entry.key, entry);
      else this.#entries.delete(entry.key);
    }
    return true;
  }
}
