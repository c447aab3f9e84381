import type { RoomAddress } from '../../hub/engine.ts';
import { AddressMap } from './address-map.ts';
import { DurableRoom, type RoomSource } from './durable-room.ts';
import { addressIn, roomKey, spaceEnd, spaceStart } from './keys.ts';
import { decodeRecord, type RoomRecord, UNKNOWN_ID } from './records.ts';
import { StoreDamage } from './store-damage.ts';
import { after } from './tree.ts';

/** Rooms that nobody uses now and that are kept at hand, and bytes of them. */
const IDLE_ROOMS = 1000;
const IDLE_BYTES = 33_554_432;
/** Names that are read at a time. */
const SLICE = 100;

/** The rooms that are at hand: those in use, and the latest that were. */
export class RoomShelf {
  readonly #source: RoomSource;
  readonly #rooms = new AddressMap<DurableRoom>();
  /** Those without a use, the longest unused first. */
  readonly #idle = new Map<DurableRoom, number>();
  #idleBytes = 0;
  /** Rooms that are to be forgotten, but are stored as yet. */
  readonly #forgotten = new AddressMap<number>();

  constructor(source: RoomSource) {
    this.#source = source;
  }

  /**
   * The room, in use until it is released as often.
   *
   * @throws StoreDamage
   */
  take(address: RoomAddress): DurableRoom {
    const room = this.#rooms.get(address) ?? this.#load(address);
    this.#rooms.set(address, room);
    this.#leaveIdle(room);
    room.uses++;
    return room;
  }

  /** The same, but a room whose record cannot be read is there without one. */
  takeAnyway(address: RoomAddress): DurableRoom {
    try {
      return this.take(address);
    } catch (error) {
      if (!(error instanceof StoreDamage)) throw error;
      const room = new DurableRoom(address, { ...newRecord(address, ''), id: UNKNOWN_ID }, this.#source);
      room.uses++;
      return room;
    }
  }

  release(room: DurableRoom): void {
    room.uses--;
    if (room.uses > 0 || this.#rooms.get(room.address) !== room) return;
    if (!room.isStored) {
      this.#rooms.delete(room.address);
      return;
    }
    this.#idle.set(room, room.bytes);
    this.#idleBytes += room.bytes;
    while (this.#idle.size > IDLE_ROOMS || (this.#idleBytes > IDLE_BYTES && this.#idle.size > 1)) {
      this.#dropLongestIdle();
    }
  }

  /**
   * The room if something of it is stored.
   *
   * @throws StoreDamage
   */
  find(address: RoomAddress): DurableRoom | undefined {
    const room = this.take(address);
    this.release(room);
    return room.isStored ? room : undefined;
  }

  /** The room if it need not be read first. */
  atHand(address: RoomAddress): DurableRoom | undefined {
    return this.#rooms.get(address);
  }

  /**
   * The room for a look at it: it is not at hand afterwards if it was not before.
   *
   * @throws StoreDamage
   */
  peek(address: RoomAddress): DurableRoom {
    return this.#rooms.get(address) ?? this.#load(address);
  }

  /** Whoever asks for the room from now on gets an empty one. */
  forget(room: DurableRoom): void {
    this.#leaveIdle(room);
    this.#rooms.delete(room.address);
    this.#forgotten.set(room.address, (this.#forgotten.get(room.address) ?? 0) + 1);
  }

  /** The room is not stored any more. */
  forgot({ address }: DurableRoom): void {
    const left = (this.#forgotten.get(address) ?? 1) - 1;
    if (left > 0) this.#forgotten.set(address, left);
    else this.#forgotten.delete(address);
  }

  /** Names of the rooms of a space of which something is stored. */
  *names(space: string): IterableIterator<string> {
    const end = spaceEnd(space);
    for (let next: Buffer | undefined = spaceStart(space); next !== undefined;) {
      const start: Buffer = next;
      const slice = this.#source.faults.guard({ space, name: '' }, () => this.slice(start, end));
      for (const { name } of slice.addresses) yield name;
      next = slice.next;
    }
  }

  /**
   * Some of the rooms that are stored, and the key from which on there are more.
   *
   * @throws StoreDamage
   */
  slice(
    start: Buffer,
    end: Buffer,
  ): { readonly addresses: RoomAddress[]; readonly next: Buffer | undefined } {
    const keys = this.#source.store.rooms.keys({ start, end, limit: SLICE });
    const addresses = keys.flatMap((key) => this.#addressOf(key) ?? []);
    const last = keys.at(-1);
    const hasMore = last !== undefined && keys.length === SLICE;
    const kept = addresses.filter((address) => this.#forgotten.get(address) === undefined);
    return { addresses: kept, next: hasMore ? after(last) : undefined };
  }

  #addressOf(key: Buffer): RoomAddress | undefined {
    const { space, name } = addressIn(key);
    if (name !== undefined) return { space, name };
    try {
      const bytes = this.#source.store.rooms.get(key);
      return bytes && { space, name: decodeRecord<RoomRecord>(bytes).name };
    } catch (error) {
      this.#source.faults.refusal({ space, name: key.toString('hex') }, error);
      return undefined;
    }
  }

  #load(address: RoomAddress): DurableRoom {
    const { store } = this.#source;
    const isGone = this.#forgotten.get(address) !== undefined;
    const stored = isGone ? undefined : store.rooms.get(roomKey(address));
    const record = stored === undefined ? newRecord(address, store.epoch) : decodeRecord<RoomRecord>(stored);
    return new DurableRoom(address, record, this.#source);
  }

  #leaveIdle(room: DurableRoom): void {
    const bytes = this.#idle.get(room);
    if (bytes === undefined) return;
    this.#idle.delete(room);
    this.#idleBytes -= bytes;
  }

  #dropLongestIdle(): void {
    for (const room of this.#idle.keys()) {
      this.#leaveIdle(room);
      this.#rooms.delete(room.address);
      return;
    }
  }
}

function newRecord({ name }: RoomAddress, epoch: string): RoomRecord {
  return { id: 0, name, epoch, offset: 0, first: 1, total: 0, rev: 0, cells: 0, at: 0, used: 0 };
}
