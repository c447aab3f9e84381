import type { Position } from '../../../protocol/rooms.ts';
import type { History, HistoryRange, RoomAddress, StoredRoom } from '../../hub/engine.ts';
import { KeyedState } from '../../hub/keyed-state.ts';
import type { Publication } from '../../hub/publication.ts';
import type { StateLimits } from '../../hub/state-view.ts';
import { readPage } from '../page.ts';
import { PUBLISH_ID_MS } from '../publish-ids.ts';
import { firstKept, type Retention } from '../retention.ts';
import { MemoryLog } from './memory-log.ts';

/** One room in memory. */
export class MemoryRoom implements StoredRoom {
  readonly address: RoomAddress;
  readonly epoch: string;
  readonly state: KeyedState;
  isSubscribed = false;
  readonly #log: MemoryLog;
  readonly #retention: Retention;
  /** Offsets by publish id, the oldest first. */
  readonly #ids = new Map<string, { readonly offset: number; readonly at: number }>();
  #lastAt = 0;

  constructor(address: RoomAddress, epoch: string, stateLimits: StateLimits, retention: Retention) {
    this.address = address;
    this.epoch = epoch;
    this.#log = new MemoryLog(address.name, epoch);
    this.state = new KeyedState(stateLimits);
    this.#retention = retention;
  }

  get position(): Position {
    return { epoch: this.epoch, offset: this.#log.last };
  }

  /** Offset of the newest publication; 0 before the first. */
  get last(): number {
    return this.#log.last;
  }

  get first(): number {
    return firstKept(this.#log, this.#retention, Date.now());
  }

  /** An offset or a revision was given out, so the epoch must not come again. */
  get isUsed(): boolean {
    return this.#log.last > 0 || this.state.rev > 0;
  }

  /** Bytes that it takes in memory, about. */
  get bytes(): number {
    const parts = this.#log.bytes + this.state.footprint + this.#ids.size * ID_FOOTPRINT;
    return ROOM_FOOTPRINT + this.address.name.length + parts;
  }

  /** The time for the next publication: the present, but never before that of the last one. */
  now(): number {
    this.#lastAt = Math.max(this.#lastAt, Date.now());
    return this.#lastAt;
  }

  /** Offset of the publication that had this id. */
  offsetOf(id: string): number | undefined {
    const known = this.#ids.get(id);
    return known !== undefined && known.at > Date.now() - PUBLISH_ID_MS ? known.offset : undefined;
  }

  keep(publication: Publication): void {
    if (this.#ids.size > 0) this.#expireIds();
    this.#log.push(publication);
    if (publication.id !== undefined) {
      this.#ids.set(publication.id, { offset: publication.offset, at: publication.at });
    }
    this.#log.dropBefore(firstKept(this.#log, this.#retention, publication.at));
  }

  /** Counts a publication that is not kept. */
  pass(): void {
    this.#log.skip();
  }

  /** Lets go of the oldest publication, and of ids of what is gone. False when there is nothing but the newest. */
  dropOldest(): boolean {
    const { first, last } = this.#log;
    if (first >= last) return false;
    this.#log.dropBefore(first + 1);
    for (const [id, { offset }] of this.#ids) {
      if (offset > first) break;
      this.#ids.delete(id);
    }
    return true;
  }

  history(range: HistoryRange): History {
    const log = this.#log;
    return readPage(
      {
        first: this.first,
        last: log.last,
        read: (offset) => log.read(offset),
        bytes: ({ offset }) => log.bytesOf(offset),
      },
      range,
    );
  }

  #expireIds(): void {
    const over = Date.now() - PUBLISH_ID_MS;
    for (const [id, { at }] of this.#ids) {
      if (at > over) return;
      this.#ids.delete(id);
    }
  }
}

/** About what an id takes. */
const ID_FOOTPRINT = 256;
/** About what a room takes beside what is in it. */
const ROOM_FOOTPRINT = 1536;
