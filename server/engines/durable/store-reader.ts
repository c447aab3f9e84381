import { existsSync } from 'node:fs';
import { open, type Database, type RootDatabase } from 'lmdb';
import type { StateEntry } from '../../../protocol/rooms.ts';
import type { RoomAddress } from '../../hub/engine.ts';
import type { Publication } from '../../hub/publication.ts';
import { StoreError } from '../../store-error.ts';
import { addressIn, numberIn, numberKey } from './keys.ts';
import { decodePublication, decodeRecord, type RoomRecord, type StoreRecord } from './records.ts';
import { StoreDamage } from './store-damage.ts';
import { checkStoreFile } from './store-file.ts';
import { asStoreError, BYTES, FILE_OPTIONS, readStoreRecord, storeFile, type TREES } from './store-format.ts';
import { after, Tree } from './tree.ts';
import { writeFailure } from './write-failure.ts';

const SLICE = 500;
/** How often a file that changes meanwhile is looked at. */
const TRIES = 5;

type Bytes = Database<Buffer, Buffer>;

/** A store as it is for reading only, also while a server writes to it. */
export class StoreReader {
  readonly record: StoreRecord;
  readonly #database: RootDatabase<Buffer, Buffer>;
  readonly #rooms: Bytes;
  readonly #publications: Bytes;
  readonly #cells: Bytes;

  private constructor(database: RootDatabase<Buffer, Buffer>, folder: string) {
    this.#database = database;
    this.record = readStoreRecord(new Tree(database), folder);
    const tree = (name: (typeof TREES)[number]): Bytes => database.openDB<Buffer, Buffer>(name, BYTES);
    this.#rooms = tree('rooms');
    this.#publications = tree('publications');
    this.#cells = tree('cells');
  }

  /** @throws StoreError when there is none, or it cannot be used. */
  static async open(folder: string): Promise<StoreReader> {
    const path = storeFile(folder);
    if (!existsSync(path)) throw new StoreError(`There is no store in ${folder}.`);
    try {
      checkWhileWritten(path);
      const database = open<Buffer, Buffer>({ path, ...FILE_OPTIONS, readOnly: true });
      try {
        return new StoreReader(database, folder);
      } catch (error) {
        await database.close();
        throw error;
      }
    } catch (error) {
      const reason = asStoreError(error, folder);
      if (reason instanceof StoreError) throw reason;
      throw new StoreError(`The store in ${folder} cannot be read: ${writeFailure(error)}.`, {
        cause: error,
      });
    }
  }

  /** Every room, each as it is at one moment. What was given before is over when the next is asked for. */
  *rooms(): Generator<RoomSnapshot> {
    const end = Buffer.alloc(1, 0xff);
    for (let start: Buffer | undefined = Buffer.alloc(1); start !== undefined;) {
      const keys: Buffer[] = new Tree(this.#rooms).keys({ start, end, limit: SLICE });
      for (const key of keys) yield* this.#room(key);
      const last = keys.at(-1);
      start = last && after(last);
    }
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  *#room(key: Buffer): Generator<RoomSnapshot> {
    const transaction = this.#database.useReadTransaction();
    try {
      const [rooms, publications, cells] = [this.#rooms, this.#publications, this.#cells].map(
        (database) => new Tree(database, transaction),
      ) as [Tree, Tree, Tree];
      yield new RoomSnapshot(key, rooms, publications, cells);
    } finally {
      transaction.done();
    }
  }
}

/** One room at one moment. */
export class RoomSnapshot {
  readonly #key: Buffer;
  readonly #rooms: Tree;
  readonly #publications: Tree;
  readonly #cells: Tree;

  constructor(key: Buffer, rooms: Tree, publications: Tree, cells: Tree) {
    this.#key = key;
    this.#rooms = rooms;
    this.#publications = publications;
    this.#cells = cells;
  }

  /** What its key says; the name only if it is not too long. */
  get address(): { readonly space: string; readonly name: string | undefined } {
    return addressIn(this.#key);
  }

  /**
   * `undefined` when it has gone meanwhile.
   *
   * @throws StoreDamage
   */
  get record(): (RoomRecord & RoomAddress) | undefined {
    const bytes = this.#rooms.get(this.#key);
    return bytes && { ...decodeRecord<RoomRecord>(bytes), space: this.address.space };
  }

  /** @throws StoreDamage */
  *publications({ id, name, epoch, first, offset: last }: RoomRecord): Generator<Publication> {
    let next = first;
    for (const { key, value } of this.#publications.range(numberKey(id, first), numberKey(id, last + 1))) {
      if (numberIn(key, 1) !== next) break;
      yield decodePublication(value, { room: name, epoch, offset: next });
      next++;
    }
    if (next <= last) throw new StoreDamage(`publication ${next} is missing`);
  }

  /** @throws StoreDamage */
  *cells({ id, cells: count }: RoomRecord): Generator<StateEntry> {
    let found = 0;
    for (const { value } of this.#cells.range(numberKey(id), numberKey(id + 1))) {
      yield decodeRecord<StateEntry>(value);
      found++;
    }
    if (found !== count) {
      throw new StoreDamage(`there are ${found} keys of the state where there should be ${count}`);
    }
  }
}

/** Pages that are looked at may be written anew in that moment, which is no damage. */
function checkWhileWritten(path: string): void {
  for (let tries = 1; ; tries++) {
    try {
      checkStoreFile(path);
      return;
    } catch (error) {
      if (!(error instanceof StoreDamage) || tries === TRIES) throw error;
    }
  }
}
