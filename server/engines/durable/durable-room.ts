import type { Position, StateEntry } from '../../../protocol/rooms.ts';
import type { History, HistoryRange, RoomAddress, StoredRoom } from '../../hub/engine.ts';
import { KeyedState } from '../../hub/keyed-state.ts';
import type { Publication } from '../../hub/publication.ts';
import type { StateView } from '../../hub/state-view.ts';
import type { Limits } from '../../limits.ts';
import { readPage } from '../page.ts';
import { firstKept, type Mark } from '../retention.ts';
import { CellSlots } from './cell-slots.ts';
import type { Faults } from './faults.ts';
import { numberIn, numberKey } from './keys.ts';
import { decodeMark, decodePublication, decodeRecord, type RoomRecord } from './records.ts';
import { StoreDamage } from './store-damage.ts';
import type { Store } from './store.ts';

export type RoomLimits = Pick<
  Limits,
  'history' | 'historyBytes' | 'historySeconds' | 'stateKeys' | 'stateBytes'
>;

/** What all rooms read from. */
export interface RoomSource {
  readonly store: Store;
  readonly limits: RoomLimits;
  readonly faults: Faults;
}

/** One room in the store: what has been committed and told of. Publications stay on disk, state once it was asked for. */
export class DurableRoom implements StoredRoom {
  readonly address: RoomAddress;
  /** Its id is 0 as long as nothing is stored. */
  record: RoomRecord;
  /** Subscriptions, and operations that are on their way. */
  uses = 0;
  isSubscribed = false;
  readonly #source: RoomSource;
  #state: KeyedState | undefined;
  #slots: CellSlots | undefined;
  #isChecked = false;
  /** What was found to be too old once does not come back. */
  #first = 1;

  constructor(address: RoomAddress, record: RoomRecord, source: RoomSource) {
    this.address = address;
    this.record = record;
    this.#source = source;
  }

  get isStored(): boolean {
    return this.record.id !== 0;
  }

  get epoch(): string {
    return this.record.epoch;
  }

  get position(): Position {
    const { epoch, offset } = this.record;
    return { epoch, offset };
  }

  /** @throws HubError `unavailable` when the store is damaged. */
  get first(): number {
    return this.#source.faults.guard(this.address, () => this.#firstKept());
  }

  /**
   * Publications that are stored but too old.
   *
   * @throws HubError `unavailable` when the store is damaged.
   */
  get excess(): number {
    return this.first - this.record.first;
  }

  /** @throws HubError `unavailable` when the store is damaged. */
  get state(): StateView {
    return this.#source.faults.guard(this.address, () => this.keyedState());
  }

  /** Bytes of it in memory, about. */
  get bytes(): number {
    return this.#state?.footprint ?? 0;
  }

  /**
   * Makes sure that the ends of its history are there, before anything is added.
   *
   * @throws StoreDamage
   */
  check(): void {
    if (this.#isChecked) return;
    const { first, offset } = this.record;
    if (first <= offset) {
      this.#publication(first);
      this.#publication(offset);
    }
    this.#isChecked = true;
  }

  /** @throws StoreDamage */
  keyedState(): KeyedState {
    if (this.#state === undefined) this.#loadState();
    return this.#state as KeyedState;
  }

  /** @throws StoreDamage */
  slots(): CellSlots {
    if (this.#slots === undefined) this.#slots = new CellSlots(this.#readCells());
    return this.#slots;
  }

  /** Slots were taken for what is not stored after all. */
  dropSlots(): void {
    this.#slots = undefined;
  }

  /** @throws StoreDamage */
  history(range: HistoryRange): History {
    const page = readPage(
      {
        first: this.#firstKept(),
        last: this.record.offset,
        read: (offset) => ({ offset, bytes: this.#publication(offset) }),
        bytes: ({ bytes }) => bytes.length,
      },
      range,
    );
    return page.map(({ offset, bytes }) => this.#decode(offset, bytes));
  }

  #decode(offset: number, bytes: Buffer): Publication {
    return decodePublication(bytes, { room: this.address.name, epoch: this.record.epoch, offset });
  }

  #firstKept(): number {
    const { limits } = this.#source;
    const { first, offset: last } = this.record;
    const stretch = {
      first: Math.max(first, this.#first),
      last,
      mark: (offset: number) => this.#mark(offset),
    };
    this.#first = firstKept(stretch, limits, Date.now());
    return this.#first;
  }

  #mark(offset: number): Mark {
    const { at, total, offset: last } = this.record;
    return offset === last ? { at, total } : decodeMark(this.#publication(offset));
  }

  #publication(offset: number): Buffer {
    const { store } = this.#source;
    const bytes = store.publications.get(numberKey(this.record.id, offset));
    if (bytes === undefined) throw new StoreDamage(`publication ${offset} is missing`);
    return bytes;
  }

  #loadState(): void {
    const { stateKeys, stateBytes } = this.#source.limits;
    const cells = this.isStored ? this.#readCells() : [];
    const state = new KeyedState({ keys: stateKeys, bytes: stateBytes });
    state.restore(
      cells.map(([, entry]) => entry),
      this.record.rev,
    );
    this.#slots = new CellSlots(cells);
    this.#state = state;
  }

  #readCells(): [slot: number, entry: StateEntry][] {
    const { id, cells: count } = this.record;
    const items = [...this.#source.store.cells.range(numberKey(id), numberKey(id + 1))];
    const cells = items.map(({ key, value }): [number, StateEntry] => {
      return [numberIn(key, 1), decodeRecord<StateEntry>(value)];
    });
    if (cells.length !== count) {
      throw new StoreDamage(`there are ${cells.length} keys of the state where there should be ${count}`);
    }
    return cells;
  }
}
