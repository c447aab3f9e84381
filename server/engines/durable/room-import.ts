import type { RoomAddress } from '../../hub/engine.ts';
import { MESSAGE } from '../../hub/publication.ts';
import { numberKey, roomKey } from './keys.ts';
import { decodeRecord, encodeDraft, encodePublication, encodeRecord, type RoomRecord } from './records.ts';
import { StoreDamage } from './store-damage.ts';
import type { Store } from './store.ts';
import type { KeyLine, MessageLine, RoomLine } from './transfer.ts';
import { LineError } from './transfer-lines.ts';
import { WriteSet } from './write-set.ts';

/** What is written at a time. */
const STEP_BYTES = 1_048_576;
const NOTHING = Buffer.alloc(0);

/**
 * One room that comes in. What is written of it before it is whole counts as the remains of a room that is gone: only
 * the last step makes it a room, so there is all of it or nothing.
 */
export class RoomImport {
  readonly address: RoomAddress;
  readonly #store: Store;
  readonly #line: RoomLine;
  readonly #replaced: RoomRecord | undefined;
  readonly #id: number;
  readonly #keys = new Set<string>();
  #writes = new WriteSet();
  #next: number;
  #total = 0;
  #at = 0;

  /** @throws LineError when the room is there already and is not to be replaced, or cannot be. */
  constructor(store: Store, line: RoomLine, replace: boolean) {
    this.address = { space: line.space, name: line.room };
    this.#store = store;
    this.#line = line;
    if (line.first > line.offset + 1) throw new LineError('first must be at most one more than offset');
    this.#replaced = recordOf(store, this.address);
    if (this.#replaced !== undefined && !replace) {
      throw new LineError(`there is a room ${JSON.stringify(line.room)} already`);
    }
    this.#next = line.first;
    this.#id = store.takeRoomId();
    this.#writes.put(store.remains, numberKey(this.#id), NOTHING);
  }

  get messages(): number {
    return this.#next - this.#line.first;
  }

  /** @throws LineError */
  async addMessage({
    offset,
    at,
    kind = MESSAGE,
    data,
    sender,
    name,
    except,
    to,
  }: MessageLine): Promise<void> {
    if (offset !== this.#next || offset > this.#line.offset) {
      throw new LineError(`offset must be ${this.#next}, and at most ${this.#line.offset}`);
    }
    if (at < this.#at) throw new LineError('at must not be before that of the message before');
    const text = encodeDraft({ kind, data, sender: { id: sender ?? null, name }, except, to });
    this.#total += Buffer.byteLength(text);
    this.#at = at;
    const key = numberKey(this.#id, offset);
    this.#writes.put(this.#store.publications, key, encodePublication({ at, total: this.#total }, text));
    this.#next++;
    await this.#step();
  }

  /** @throws LineError */
  async addKey({ key, value, rev }: KeyLine): Promise<void> {
    if (rev > this.#line.rev) throw new LineError(`rev must be at most ${this.#line.rev}, that of the room`);
    if (this.#keys.has(key))
      throw new LineError(`the key ${JSON.stringify(key.slice(0, 64))} is there twice`);
    this.#keys.add(key);
    const slot = numberKey(this.#id, this.#keys.size);
    this.#writes.put(this.#store.cells, slot, encodeRecord({ key, value, rev }));
    await this.#step();
  }

  /**
   * All of it is there: from now on it is a room.
   *
   * @throws LineError when something is missing.
   */
  async finish(): Promise<void> {
    const { room, space, offset, first, rev, keys, at } = this.#line;
    if (this.#next !== offset + 1) {
      throw new LineError(
        `the room ${JSON.stringify(room)} ends after ${this.messages} of ${offset + 1 - first} messages`,
      );
    }
    if (this.#keys.size !== keys) {
      throw new LineError(
        `the room ${JSON.stringify(room)} ends after ${this.#keys.size} of ${keys} keys of its state`,
      );
    }
    const { rooms, remains } = this.#store;
    this.#writes.put(
      rooms,
      roomKey({ space, name: room }),
      encodeRecord({
        id: this.#id,
        name: room,
        epoch: this.#epoch(),
        offset,
        first,
        total: this.#total,
        rev,
        cells: keys,
        at: Math.max(at, this.#at),
        used: Date.now(),
      }),
    );
    this.#writes.remove(remains, numberKey(this.#id));
    if (this.#replaced !== undefined) this.#writes.put(remains, numberKey(this.#replaced.id), NOTHING);
    await this.#write();
  }

  /**
   * The one that it comes with, unless this store may have gone on in that: an epoch never gives out a position
   * twice.
   */
  #epoch(): string {
    const { epoch, offset, rev } = this.#line;
    const goesOn =
      this.#replaced?.epoch === epoch
        ? this.#replaced.offset <= offset && this.#replaced.rev <= rev
        : !this.#store.isOwnEpoch(epoch);
    if (goesOn) return epoch;
    this.#store.raiseGeneration();
    return this.#store.epoch;
  }

  async #step(): Promise<void> {
    if (this.#writes.bytes >= STEP_BYTES) await this.#write();
  }

  async #write(): Promise<void> {
    const writes = this.#writes;
    this.#writes = new WriteSet();
    await this.#store.write(writes);
  }
}

function recordOf(store: Store, address: RoomAddress): RoomRecord | undefined {
  try {
    const bytes = store.rooms.get(roomKey(address));
    return bytes && decodeRecord<RoomRecord>(bytes);
  } catch (error) {
    if (!(error instanceof StoreDamage)) throw error;
    throw new LineError(`the store is damaged where it has the room ${JSON.stringify(address.name)}`);
  }
}
