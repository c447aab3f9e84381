import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { open, type RootDatabase } from 'lmdb';
import { decodeRecord, encodeRecord, type StoreRecord } from './records.ts';
import { Tree } from './tree.ts';
import { WriteSet } from './write-set.ts';

/** Of what this program writes. */
const FORMAT = 1;
const FILE = 'store.mdb';
const RECORD_KEY = Buffer.from('roomplex');

const BYTES = { encoding: 'binary', keyEncoding: 'binary' } as const;

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
  readonly #itself: Tree;
  #record: StoreRecord;
  #isRecordWritten = true;

  /** Opens the store in a folder that exists; an empty one gets a new store. */
  constructor(folder: string) {
    this.#database = open<Buffer, Buffer>({
      path: join(folder, FILE),
      ...BYTES,
      maxDbs: 8,
      // Commits flush before they are told of.
      overlappingSync: false,
      // What belongs together is given as one batch.
      eventTurnBatching: false,
    });
    this.#itself = new Tree(this.#database);
    const stored = this.#itself.get(RECORD_KEY);
    if (stored === undefined) this.#isRecordWritten = false;
    this.#record =
      stored === undefined
        ? { format: FORMAT, id: randomBytes(9).toString('base64url'), generation: 0, nextRoom: 1 }
        : decodeRecord<StoreRecord>(stored);
    const tree = (name: string): Tree => new Tree(this.#database.openDB<Buffer, Buffer>(name, BYTES));
    this.rooms = tree('rooms');
    this.publications = tree('publications');
    this.cells = tree('cells');
    this.publishIds = tree('publish-ids');
    this.remains = tree('remains');
    this.probes = tree('probes');
  }

  /** Of rooms that begin now. */
  get epoch(): string {
    return `${this.#record.id}.${this.#record.generation.toString(36)}`;
  }

  /** A new store is on disk when it resolves. */
  async settle(): Promise<void> {
    await this.write(new WriteSet());
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
    if (writes.size === 0) return;
    try {
      await this.#database.batch(() => writes.apply());
    } catch (error) {
      this.#isRecordWritten = false;
      throw await reasonOf(error);
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

/** The error of a commit says why only in a promise that it carries. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error) || !('commitError' in error)) return error;
  return Promise.resolve(error.commitError).then(
    () => error,
    (reason: unknown) => reason,
  );
}
