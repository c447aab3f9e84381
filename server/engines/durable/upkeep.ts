import type { RoomAddress } from '../../hub/engine.ts';
import type { Batch } from './batch.ts';
import type { DurableRoom } from './durable-room.ts';
import type { Faults } from './faults.ts';
import type { GroupCommit } from './group-commit.ts';
import { numberIn, numberKey } from './keys.ts';
import { periodOf } from './room-draft.ts';
import type { RoomShelf } from './room-shelf.ts';
import type { Store } from './store.ts';
import type { Tree } from './tree.ts';
import { UpkeepOperation } from './upkeep-operation.ts';

/** Records that are taken away at once, and rooms that are looked at: either takes a few ms at most. */
const SLICE = 500;
const SLICE_ROOMS = 100;
/** Part of the time that a room may be unused within which it is known when it was used. */
const PRECISION = 1 / 30;

const START = numberKey(0);
const END = Buffer.alloc(1, 0xff);

/** What {@link Upkeep} works with. */
export interface UpkeepTerms {
  readonly store: Store;
  readonly shelf: RoomShelf;
  readonly commits: GroupCommit;
  readonly faults: Faults;
  /** How long a room is kept that nobody uses, in ms. */
  readonly graceMs: number;
  /** Takes away all of a room. */
  readonly forget: (address: RoomAddress) => void;
}

/**
 * Takes away what is kept no longer; none of it could be seen any more. Every task does a slice between one `yield`
 * and the next, and nobody has to wait long for one.
 */
export class Upkeep {
  readonly #terms: UpkeepTerms;
  /** Rooms in which something was said since they were last looked at. */
  readonly #busy = new Set<DurableRoom>();

  constructor(terms: UpkeepTerms) {
    this.#terms = terms;
  }

  /** Something was said in a room. */
  said(room: DurableRoom): void {
    this.#busy.add(room);
  }

  /** Somebody uses the room, or did until now. */
  used(room: DurableRoom): void {
    const now = Date.now();
    if (!room.isStored || now - room.record.used <= this.#terms.graceMs * PRECISION) return;
    // If not now, then next time.
    this.#commitIn(room, (batch) => batch.room(room).touch(now)).catch(() => undefined);
  }

  /** Publish ids that are too old to be known. */
  async *clearIds(): AsyncGenerator<void> {
    const end = numberKey(periodOf(Date.now()) - 1);
    yield* this.#clear(this.#terms.store.publishIds, START, end);
  }

  /** What is left of rooms that were forgotten. */
  async *clearRemains(): AsyncGenerator<void> {
    const { remains, publications, cells } = this.#terms.store;
    // Those that are still to be forgotten come first.
    await this.#commit(() => undefined);
    for (;;) {
      const keys = remains.keys({ start: START, end: END, limit: 1 });
      const [key] = keys;
      if (key === undefined) return;
      const id = numberIn(key, 0);
      for (const tree of [publications, cells]) yield* this.#clear(tree, numberKey(id), numberKey(id + 1));
      await this.#remove(remains, keys);
      yield;
    }
  }

  /** History of rooms in which something was said, where at least so much is too old. */
  async *trimBusy(worth: number): AsyncGenerator<void> {
    const rooms = [...this.#busy];
    this.#busy.clear();
    for (const [index, room] of rooms.entries()) {
      const isAtHand = this.#terms.shelf.atHand(room.address) === room;
      if (isAtHand && this.#excess(room) >= worth) yield* this.#trim(room.address);
      else if (index % SLICE_ROOMS === 0) yield;
    }
  }

  /** All rooms, one after the other: those that nobody has used for long go, history that is too old goes. */
  async *goRound(): AsyncGenerator<void> {
    for (let start: Buffer | undefined = START; start !== undefined;) {
      const { addresses, next } = this.#terms.shelf.slice(start, END);
      for (const address of addresses) yield* this.#lookAt(address);
      start = next;
      yield;
    }
  }

  async *#lookAt(address: RoomAddress): AsyncGenerator<void> {
    const { shelf, graceMs, forget } = this.#terms;
    const room = this.#sound(address, () => shelf.peek(address));
    if (room === undefined) return;
    if (room.uses === 0 && Date.now() - room.record.used > graceMs) {
      forget(room.address);
    } else {
      if (room.isSubscribed) this.used(room);
      if (this.#excess(room) > 0) yield* this.#trim(address);
    }
  }

  /** The room may be another one whenever something else had its turn. */
  async *#trim(address: RoomAddress): AsyncGenerator<void> {
    for (;;) {
      const room = this.#terms.shelf.find(address);
      const excess = room === undefined ? 0 : this.#excess(room);
      if (room === undefined || excess === 0) return;
      const first = room.record.first + Math.min(excess, SLICE);
      await this.#commitIn(room, (batch) => batch.room(room).trim(first));
      yield;
    }
  }

  #excess(room: DurableRoom): number {
    return this.#sound(room.address, () => room.excess) ?? 0;
  }

  /** What is damaged is told of, and stays as it is. */
  #sound<T>(address: RoomAddress, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#terms.faults.refusal(address, error);
      return undefined;
    }
  }

  async *#clear(tree: Tree, start: Buffer, end: Buffer): AsyncGenerator<void> {
    for (;;) {
      const keys = tree.keys({ start, end, limit: SLICE });
      if (keys.length === 0) return;
      await this.#remove(tree, keys);
      yield;
    }
  }

  #remove(tree: Tree, keys: readonly Buffer[]): Promise<void> {
    return this.#commit(({ writes }) => {
      for (const key of keys) writes.remove(tree, key);
    });
  }

  async #commitIn(room: DurableRoom, draft: (batch: Batch) => void): Promise<void> {
    const { shelf } = this.#terms;
    shelf.take(room.address);
    await this.#commit(draft).finally(() => shelf.release(room));
  }

  #commit(draft: (batch: Batch) => void): Promise<void> {
    const operation = new UpkeepOperation(draft);
    this.#terms.commits.add(operation);
    return operation.settled;
  }
}
