import type { StateEntry } from '../../../protocol/rooms.ts';
import { RemovedKeys } from '../../hub/removed-keys.ts';
import type { DraftedCell } from '../../hub/state-draft.ts';

/** What becomes of a slot; `undefined`: it is empty from now on. */
export type SlotWrite = readonly [slot: number, entry: StateEntry | undefined];

/**
 * Where the cells of a room's state are stored: each in a slot whose number gives its place in the order, that of
 * the state for values, and that of their removal for removed keys.
 */
export class CellSlots {
  readonly #values = new Map<string, number>();
  readonly #removals = new RemovedKeys();
  #next = 1;

  /** Cells as they are stored, in their order. */
  constructor(cells: Iterable<readonly [slot: number, entry: StateEntry]>) {
    for (const [slot, { key, value }] of cells) {
      if (value === undefined) this.#removals.add(key, slot);
      else this.#values.set(key, slot);
      this.#next = slot + 1;
    }
  }

  get size(): number {
    return this.#values.size + this.#removals.size;
  }

  /** Finds slots for what a draft did, in the very order in which the state takes it over. */
  take(cells: ReadonlyMap<string, DraftedCell>): SlotWrite[] {
    const writes: SlotWrite[] = [];
    for (const [key, { cell, rev }] of cells) {
      const empty = this.#leave(key, cell !== undefined);
      if (empty !== undefined) writes.push([empty, undefined]);
      const slot = this.#values.get(key) ?? this.#next++;
      if (cell !== undefined) {
        this.#values.set(key, slot);
        writes.push([slot, { key, value: cell.value, rev }]);
      } else {
        writes.push([slot, { key, rev }]);
        for (const forgotten of this.#removals.add(key, slot)) writes.push([forgotten, undefined]);
      }
    }
    return writes;
  }

  /** The slot that the key has no more; a key that stays keeps its own. */
  #leave(key: string, stays: boolean): number | undefined {
    const slots = stays ? this.#removals : this.#values.has(key) ? this.#values : this.#removals;
    const slot = slots.get(key);
    slots.delete(key);
    return slot;
  }
}
