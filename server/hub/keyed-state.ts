import type { StateEntry } from '../../protocol/rooms.ts';
import { cellBytes } from './entries.ts';
import { RemovedKeys } from './removed-keys.ts';
import { StateDraft } from './state-draft.ts';
import type { StateLimits, StateView } from './state-view.ts';

/**
 * Keys and their JSON values, each with the revision that last changed it: what a room remembers, or what a member
 * shows of itself. It is changed by committing drafts.
 */
export class KeyedState implements StateView {
  readonly #limits: StateLimits;
  readonly #values = new Map<string, unknown>();
  readonly #revs = new Map<string, number>();
  /** By their revisions. */
  readonly #removals = new RemovedKeys();
  #rev = 0;
  #bytes = 0;

  constructor(limits: StateLimits) {
    this.#limits = limits;
  }

  get rev(): number {
    return this.#rev;
  }

  get values(): ReadonlyMap<string, unknown> {
    return this.#values;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Bytes that it takes in memory, about. */
  get footprint(): number {
    const keys = this.#values.size + this.#removals.size;
    return this.#bytes + this.#removals.chars + keys * KEY_FOOTPRINT;
  }

  revOf(key: string): number {
    return this.#revs.get(key) ?? this.#removals.get(key) ?? 0;
  }

  /** Puts back what was written down: entries in their order, then the revision of the whole. */
  restore(entries: Iterable<StateEntry>, rev: number): void {
    for (const { key, value, rev: keyRev } of entries) {
      if (value !== undefined) this.#bytes += cellBytes(key, value);
      this.#set(key, value, keyRev);
    }
    this.#rev = rev;
  }

  /** Changes that are not to be seen yet. One at a time. */
  draft(): StateDraft {
    return new StateDraft(this, this.#limits, (rev, cells, bytes) => {
      for (const [key, { cell, rev: keyRev }] of cells) this.#set(key, cell?.value, keyRev);
      this.#rev = rev;
      this.#bytes = bytes;
    });
  }

  #set(key: string, value: unknown, rev: number): void {
    if (value !== undefined) {
      this.#removals.delete(key);
      this.#values.set(key, value);
      this.#revs.set(key, rev);
      return;
    }
    this.#values.delete(key);
    this.#revs.delete(key);
    this.#removals.add(key, rev);
  }
}

/** About what a key takes beside its text and its value. */
const KEY_FOOTPRINT = 128;
