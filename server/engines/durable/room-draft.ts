import type { ChangeDraft } from '../../hub/change.ts';
import type { StateDraft } from '../../hub/state-draft.ts';
import { applyChange } from '../apply-change.ts';
import { PUBLISH_ID_MS } from '../publish-ids.ts';
import type { DurableRoom } from './durable-room.ts';
import { numberKey, publishIdKey, roomKey } from './keys.ts';
import {
  decodeKnownId,
  encodeKnownId,
  encodePublication,
  encodeRecord,
  type KnownId,
  type RoomRecord,
} from './records.ts';
import type { Store } from './store.ts';
import type { WriteSet } from './write-set.ts';

/** What a batch does with one room; nobody sees it before it is committed. */
export class RoomDraft {
  readonly room: DurableRoom;
  readonly #store: Store;
  readonly #writes: WriteSet;
  readonly #ids = new Map<string, KnownId>();
  #record: RoomRecord;
  #state: StateDraft | undefined;
  #isStateShown = false;

  constructor(room: DurableRoom, store: Store, writes: WriteSet) {
    this.room = room;
    this.#store = store;
    this.#writes = writes;
    this.#record = room.record;
  }

  /** The record as it is after what was drafted so far. */
  get record(): RoomRecord {
    return this.#record;
  }

  /** Offset of the publication that had this id within the last five minutes. */
  offsetOf(id: string, now: number): number | undefined {
    const known = this.#ids.get(id) ?? this.#storedId(id, now);
    return known !== undefined && known.at > now - PUBLISH_ID_MS ? known.offset : undefined;
  }

  publish(text: string, id: string | undefined, now: number): RoomRecord {
    const before = this.#use(now);
    const offset = before.offset + 1;
    const { at } = before;
    const total = before.total + Buffer.byteLength(text);
    this.#writes.put(
      this.#store.publications,
      numberKey(before.id, offset),
      encodePublication({ at, total }, text),
    );
    if (id !== undefined) {
      this.#ids.set(id, { offset, at });
      const key = publishIdKey(periodOf(at), before.id, id);
      this.#writes.put(this.#store.publishIds, key, encodeKnownId({ offset, at }));
    }
    this.#record = { ...before, offset, total };
    return this.#record;
  }

  /** A change of nothing that the store has takes its place in the order, and that is all. */
  change(draft: ChangeDraft, now: number): { readonly record: RoomRecord; readonly at: number } {
    const isOfState = draft.roomChanges !== undefined && draft.roomChanges.length > 0;
    if (!isOfState) return { record: this.#record, at: Math.max(now, this.#record.at) };
    // Now, while it can still be refused.
    this.room.slots();
    this.#state ??= this.room.keyedState().draft();
    applyChange(this.#state, this.#record, draft);
    this.#record = { ...this.#use(now), rev: this.#state.rev };
    return { record: this.#record, at: this.#record.at };
  }

  /** Publications before one are gone. */
  trim(first: number): void {
    if (first <= this.#record.first) return;
    for (let offset = this.#record.first; offset < first; offset++) {
      this.#writes.remove(this.#store.publications, numberKey(this.#record.id, offset));
    }
    this.#record = { ...this.#record, first };
  }

  /** Somebody has to do with the room now. */
  touch(now: number): void {
    if (this.#record.id !== 0) this.#record = { ...this.#record, used: now };
  }

  /** Nothing more comes; what was drafted is to be written. */
  finish(): void {
    if (this.#state !== undefined && this.#state.cells.size > 0) {
      const slots = this.room.slots();
      for (const [slot, entry] of slots.take(this.#state.cells)) {
        const key = numberKey(this.#record.id, slot);
        if (entry === undefined) this.#writes.remove(this.#store.cells, key);
        else this.#writes.put(this.#store.cells, key, encodeRecord(entry));
      }
      this.#record = { ...this.#record, cells: slots.size };
    }
    if (this.#record === this.room.record) return;
    this.#writes.put(this.#store.rooms, roomKey(this.room.address), encodeRecord(this.#record));
  }

  /** The state is seen as the whole batch leaves it. */
  showState(): void {
    if (this.#isStateShown) return;
    this.#isStateShown = true;
    this.#state?.commit();
  }

  commit(): void {
    this.showState();
    this.room.record = this.#record;
  }

  drop(): void {
    if (this.#state !== undefined) this.room.dropSlots();
  }

  /** The record with a time that is not before the last one, of a room that has an id from now on. */
  #use(now: number): RoomRecord {
    const { id, at } = this.#record;
    return {
      ...this.#record,
      id: id === 0 ? this.#store.takeRoomId() : id,
      at: Math.max(now, at),
      used: now,
    };
  }

  #storedId(id: string, now: number): KnownId | undefined {
    const { id: roomId } = this.room.record;
    if (roomId === 0) return undefined;
    const period = periodOf(Math.max(now, this.#record.at));
    for (const candidate of [period, period - 1]) {
      const bytes = this.#store.publishIds.get(publishIdKey(candidate, roomId, id));
      if (bytes !== undefined) return decodeKnownId(bytes);
    }
    return undefined;
  }
}

/** Ids are stored by the time they were said in, so that those of long ago are found without a search. */
export function periodOf(at: number): number {
  return Math.floor(at / PUBLISH_ID_MS);
}
