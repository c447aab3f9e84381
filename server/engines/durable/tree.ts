import type { Database, Transaction } from 'lmdb';
import { crc32 } from 'node:zlib';
import { StoreDamage } from './store-damage.ts';

/** What a tree has under a key. */
export class Item {
  readonly key: Buffer;
  readonly #sealed: Buffer;

  constructor(key: Buffer, sealed: Buffer) {
    this.key = key;
    this.#sealed = sealed;
  }

  /** @throws StoreDamage */
  get value(): Buffer {
    return unseal(this.key, this.#sealed);
  }
}

/** Where a range starts and ends, and how much of it is read at a time. */
export interface Range {
  readonly start: Buffer;
  /** Not in the range. */
  readonly end: Buffer;
  readonly limit: number;
}

const SUM_BYTES = 4;
/** Items of a range that are read at a time. */
const SLICE = 500;
const PAGE_KINDS = ['treeBranchPageCount', 'treeLeafPageCount', 'overflowPages'] as const;

/** Ordered keys and their values. Every value has a checksum, for the store itself would hand out anything. */
export class Tree {
  readonly #database: Database<Buffer, Buffer>;
  readonly #options: { readonly transaction: Transaction } | undefined;

  /** With a transaction, reads what there was when that began. */
  constructor(database: Database<Buffer, Buffer>, transaction?: Transaction) {
    this.#database = database;
    this.#options = transaction && { transaction };
  }

  /** Of the file that it takes. */
  get bytes(): number {
    const stats = this.#database.getStats() as Record<'pageSize' | (typeof PAGE_KINDS)[number], number>;
    return PAGE_KINDS.reduce((sum, kind) => sum + stats[kind], 0) * stats.pageSize;
  }

  /** @throws StoreDamage */
  get(key: Buffer): Buffer | undefined {
    const sealed = this.#reading(() => this.#database.get(key, this.#options));
    return sealed && unseal(key, sealed);
  }

  /**
   * The first items of a range; nothing is held open until the next are read.
   *
   * @throws StoreDamage
   */
  items({ start, end, limit }: Range): Item[] {
    const items = this.#reading(() => [...this.#database.getRange({ start, end, limit, ...this.#options })]);
    return items.map(({ key, value }) => new Item(key, value));
  }

  /**
   * All items of a range, some at a time.
   *
   * @throws StoreDamage
   */
  *range(start: Buffer, end: Buffer): Generator<Item> {
    for (let next = start; ;) {
      const items = this.items({ start: next, end, limit: SLICE });
      yield* items;
      const last = items.at(-1);
      if (last === undefined || items.length < SLICE) return;
      next = after(last.key);
    }
  }

  /**
   * The first keys of a range.
   *
   * @throws StoreDamage
   */
  keys({ start, end, limit }: Range): Buffer[] {
    return this.#reading(() => [...this.#database.getKeys({ start, end, limit, ...this.#options })]);
  }

  /** Writes what {@link seal} made, as a part of the batch that is open. */
  put(key: Buffer, sealed: Buffer): void {
    void this.#database.put(key, sealed);
  }

  /** As a part of the batch that is open. */
  remove(key: Buffer): void {
    void this.#database.remove(key);
  }

  #reading<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      // What comes next must not fail for this.
      this.#database.resetReadTxn();
      throw new StoreDamage(`it cannot be read: ${(error as Error).message}`, { cause: error });
    }
  }
}

/** The least key that is greater than this one. */
export function after(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}

/** A value as it is stored under a key. */
export function seal(key: Buffer, value: Buffer): Buffer {
  const sealed = Buffer.allocUnsafe(SUM_BYTES + value.length);
  sealed.writeUInt32LE(crc32(value, crc32(key)));
  value.copy(sealed, SUM_BYTES);
  return sealed;
}

function unseal(key: Buffer, sealed: Buffer): Buffer {
  const value = sealed.subarray(SUM_BYTES);
  if (sealed.length < SUM_BYTES || sealed.readUInt32LE() !== crc32(value, crc32(key))) {
    throw new StoreDamage('a checksum does not match');
  }
  return value;
}
