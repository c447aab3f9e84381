import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open as openFolder, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { Headroom } from './headroom.ts';
import { encodeRecord, type StoreRecord } from './records.ts';
import { StoreDamage } from './store-damage.ts';
import { checkStoreFile } from './store-file.ts';
import {
  asStoreError,
  BYTES,
  FILE_OPTIONS,
  FORMAT,
  readStoreRecord,
  RECORD_KEY,
  storeFile,
  TREES,
} from './store-format.ts';
import { Tree } from './tree.ts';
import { WriteSet } from './write-set.ts';

/** What a store is called until it is one. */
const NEW_FILE = 'new.mdb';

/** The file with everything in it: what is written at once is there whole or not at all, whatever happens. */
export class Store {
  /** By space and name: {@link RoomRecord}s. */
  readonly rooms: Tree;
  /** By room id and offset. */
  readonly publications: Tree;
  /** By room id and a number that gives their order: {@link StateEntry}s, those without value for removed keys. */
  readonly cells: Tree;
  /** By period, room id and publish id. */
  readonly publishIds: Tree;
  /** By room id: what is left of rooms that are gone, and still has to be cleared away. */
  readonly remains: Tree;
  /** What is written to see whether it can be. */
  readonly probes: Tree;
  readonly #database: RootDatabase<Buffer, Buffer>;
  readonly #headroom: Headroom;
  readonly #itself: Tree;
  #record: StoreRecord;
  #isRecordWritten = true;

  private constructor(database: RootDatabase<Buffer, Buffer>, folder: string) {
    this.#database = database;
    this.#headroom = new Headroom(storeFile(folder), () => usedBytes(database));
    this.#itself = new Tree(database);
    this.#record = readStoreRecord(this.#itself, folder);
    const tree = (name: (typeof TREES)[number]): Tree =>
      new Tree(database.openDB<Buffer, Buffer>(name, BYTES));
    this.rooms = tree('rooms');
    this.publications = tree('publications');
    this.cells = tree('cells');
    this.publishIds = tree('publish-ids');
    this.remains = tree('remains');
    this.probes = tree('probes');
  }

  /**
   * Opens the store in a folder that is there, or makes one if it has none. Nothing is written to one that is refused.
   *
   * @throws StoreError when it is damaged, or of a kind that this program does not know.
   */
  static async open(folder: string): Promise<Store> {
    const path = storeFile(folder);
    if (!existsSync(path)) await makeStore(folder);
    try {
      checkStoreFile(path);
      const database = openFile(path);
      try {
        return new Store(database, folder);
      } catch (error) {
        await database.close();
        throw error;
      }
    } catch (error) {
      throw asStoreError(error, folder);
    }
  }

  /** Of rooms that begin now. */
  get epoch(): string {
    return `${this.#record.id}.${this.#record.generation.toString(36)}`;
  }

  /** It has given out this epoch, or may yet. */
  isOwnEpoch(epoch: string): boolean {
    return epoch.startsWith(`${this.#record.id}.`);
  }

  /** Of the disk that it takes; what is free within its file does not count. */
  get bytes(): number {
    const trees = [this.rooms, this.publications, this.cells, this.publishIds, this.remains, this.probes];
    return trees.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** An id that no room ever had. */
  takeRoomId(): number {
    const id = this.#record.nextRoom;
    this.#change({ nextRoom: id + 1 });
    return id;
  }

  /** Rooms that begin from now on have another epoch. */
  raiseGeneration(): void {
    this.#change({ generation: this.#record.generation + 1 });
  }

  /** Writes all of a set; when it resolves, it is on disk. */
  async write(writes: WriteSet): Promise<void> {
    if (!this.#isRecordWritten) writes.put(this.#itself, RECORD_KEY, encodeRecord(this.#record));
    this.#isRecordWritten = true;
    try {
      await this.#headroom.reserve(writes.mostBytes);
      await writeAll(this.#database, writes);
    } catch (error) {
      this.#isRecordWritten = false;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#database.close();
  }

  #change(change: Partial<StoreRecord>): void {
    this.#record = { ...this.#record, ...change };
    this.#isRecordWritten = false;
  }
}

/** Up to the end of the last page that was ever taken. */
function usedBytes(database: RootDatabase<Buffer, Buffer>): number {
  const { pageSize, lastPageNumber } = database.getStats() as Record<'pageSize' | 'lastPageNumber', number>;
  return (lastPageNumber + 1) * pageSize;
}

function openFile(path: string): RootDatabase<Buffer, Buffer> {
  // What belongs together is given as one batch.
  return open<Buffer, Buffer>({ path, ...FILE_OPTIONS, eventTurnBatching: false });
}

/** A store gets its name when it is one: whatever ends the process before leaves none. */
async function makeStore(folder: string): Promise<void> {
  const path = join(folder, NEW_FILE);
  const clear = async (): Promise<void> => {
    for (const leftover of [path, `${path}-lock`]) await rm(leftover, { force: true });
  };
  await clear();
  const database = openFile(path);
  const record: StoreRecord = {
    format: FORMAT,
    id: randomBytes(9).toString('base64url'),
    generation: 0,
    nextRoom: 1,
  };
  const writes = new WriteSet();
  writes.put(new Tree(database), RECORD_KEY, encodeRecord(record));
  await writeAll(database, writes);
  for (const name of TREES) database.openDB(name, BYTES);
  await database.close();
  await rename(path, storeFile(folder));
  await clear();
  await flushNames(folder);
}

/** What is in a folder is on disk with its name, where the system can be asked for that. */
async function flushNames(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await openFolder(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(database: RootDatabase<Buffer, Buffer>, writes: WriteSet): Promise<void> {
  if (writes.size === 0) return;
  try {
    await database.batch(() => writes.apply());
  } catch (error) {
    throw await reasonOf(error);
  }
}

/** The error of a commit says why only in a promise that it carries. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  const reason = await Promise.resolve(error.commitError).catch((commitError: unknown) => commitError);
  return isDamage(reason)
    ? new StoreDamage(`it cannot be written: ${reason.message}`, { cause: reason })
    : reason;
}

/** The library's own codes, as for a page that is not what it should be; those of the system are greater. */
function isDamage(reason: unknown): reason is Error {
  return reason instanceof Error && 'code' in reason && Number(reason.code) <= -30_700;
}
