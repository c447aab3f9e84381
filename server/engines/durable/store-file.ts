import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { StoreDamage } from './store-damage.ts';

/*
 * The library maps the file into memory and believes what it finds: a file that is cut short or overwritten ends
 * the process. So the file is looked at before. The layout is that of LMDB, data version 2.
 */

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const META_PAGES = 2;
const NONE = 2n ** 64n - 1n;

/** Bytes of a page before its contents. */
const HEADER = 24;
const BRANCH = 0x01;
const LEAF = 0x02;
const OVERFLOW = 0x04;
const META = 0x08;
/** What a node of a leaf has for its value: the number of a page, or a tree of its own. */
const BIG_VALUE = 0x01;
const SUB_TREE = 0x02;
const NODE_HEADER = 8;
const TREE_DEPTH = 6;
const TREE_ROOT = 40;
const TREE_BYTES = 48;

/** Most pages that are looked at in a file that has its whole length. */
const TOP_PAGES = 256;

/** What a meta page says. */
interface Meta {
  readonly pageSize: number;
  /** Roots of all trees: that of free pages, and that in whose values the others are. */
  readonly roots: readonly Page[];
  readonly lastPage: number;
  readonly transaction: bigint;
}

interface Page {
  readonly number: bigint;
  /** Pages from here to the bottom of the tree, this one included. */
  readonly height: number;
  /** It is of the tree whose values may be trees. */
  readonly isMain: boolean;
}

/**
 * Looks at a file before it is opened, but for the bottom of its trees: damage there concerns some records and shows
 * when they are read. Takes as long for a large file as for a small one.
 *
 * @throws StoreDamage when it must not be opened.
 */
export function checkStoreFile(path: string): void {
  const file = openSync(path, 'r');
  try {
    new FileCheck(file).run();
  } finally {
    closeSync(file);
  }
}

class FileCheck {
  readonly #file: number;
  readonly #size: number;
  readonly #meta: Meta;

  constructor(file: number) {
    this.#file = file;
    this.#size = fstatSync(file).size;
    const first = this.#readMeta(0);
    const second = this.#readMeta(first.pageSize);
    this.#meta = first.transaction > second.transaction ? first : second;
  }

  run(): void {
    const { pageSize, lastPage } = this.#meta;
    const isWhole = this.#size >= (lastPage + 1) * pageSize;
    // Pages at the end that nothing refers to need not be there; whether that is so, only all others can tell.
    if (isWhole) this.#walk(TOP_PAGES, 2);
    else this.#walk(Infinity, 1);
  }

  #readMeta(at: number): Meta {
    const bytes = this.#read(at, 192);
    const isMeta = (bytes.readUInt16LE(18) & META) !== 0 && bytes.readUInt32LE(HEADER) === MAGIC;
    if (!isMeta) throw new StoreDamage('it does not begin as it should');
    const version = bytes.readUInt32LE(28) & 0xffff;
    if (version !== DATA_VERSION) throw new StoreDamage(`its version is ${version} and not ${DATA_VERSION}`);
    const pageSize = bytes.readUInt32LE(48);
    if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) {
      throw new StoreDamage(`its pages cannot have ${pageSize} bytes`);
    }
    return {
      pageSize,
      roots: [treeIn(bytes, 48, false), treeIn(bytes, 96, true)],
      lastPage: Number(bytes.readBigUInt64LE(144)),
      transaction: bytes.readBigUInt64LE(152),
    };
  }

  #walk(limit: number, lowest: number): void {
    const pages = [...this.#meta.roots];
    for (let seen = 0; seen < pages.length && seen < limit; seen++) {
      const page = pages[seen];
      if (page === undefined || page.number === NONE) continue;
      for (const below of this.#pagesBelow(page)) {
        if (below.height >= lowest || page.isMain) pages.push(below);
      }
    }
  }

  #pagesBelow({ number, height, isMain }: Page): Page[] {
    const bytes = this.#page(number);
    const flags = bytes.readUInt16LE(18) & (BRANCH | LEAF | OVERFLOW | META);
    const [lower, upper] = [bytes.readUInt16LE(20), bytes.readUInt16LE(22)];
    const isSound =
      bytes.readBigUInt64LE(0) === number &&
      flags === (height > 1 ? BRANCH : LEAF) &&
      lower % 2 === 0 &&
      lower <= upper &&
      upper + HEADER <= bytes.length;
    if (!isSound) throw new StoreDamage(`page ${number} is not what it should be`);
    const below: Page[] = [];
    for (let index = 0; index < lower / 2; index++) {
      const node = bytes.readUInt16LE(HEADER + index * 2) + HEADER;
      if (node + NODE_HEADER > bytes.length) throw new StoreDamage(`page ${number} is not what it should be`);
      if (height > 1) below.push(this.#child(BigInt(bytes.readUIntLE(node, 6)), height - 1, isMain));
      else below.push(...this.#pagesOf(bytes, node, isMain));
    }
    return below;
  }

  #child(number: bigint, height: number, isMain: boolean): Page {
    this.#mustHave(number);
    return { number, height, isMain };
  }

  /** A value that is stored elsewhere; one that takes pages of its own is only asked whether it is there. */
  #pagesOf(bytes: Buffer, node: number, isMain: boolean): Page[] {
    const flags = bytes.readUInt16LE(node + 4);
    const value = node + NODE_HEADER + bytes.readUInt16LE(node + 6);
    if ((flags & BIG_VALUE) !== 0 && value + 8 <= bytes.length) {
      const number = bytes.readBigUInt64LE(value);
      const count = Math.ceil((bytes.readUInt32LE(node) + HEADER) / this.#meta.pageSize);
      this.#mustHave(number + BigInt(count) - 1n);
    } else if (isMain && (flags & SUB_TREE) !== 0 && value + TREE_BYTES <= bytes.length) {
      return [treeIn(bytes, value, false)];
    }
    return [];
  }

  #page(number: bigint): Buffer {
    this.#mustHave(number);
    const { pageSize } = this.#meta;
    return this.#read(Number(number) * pageSize, pageSize);
  }

  #mustHave(number: bigint): void {
    const { pageSize, lastPage } = this.#meta;
    if (number < BigInt(META_PAGES) || number > BigInt(lastPage)) {
      throw new StoreDamage(`it refers to a page ${number} that there cannot be`);
    }
    const end = (Number(number) + 1) * pageSize;
    if (end > this.#size) throw new StoreDamage(`it is cut short: only ${this.#size} bytes are left`);
  }

  #read(at: number, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    if (readSync(this.#file, bytes, 0, length, at) < length) {
      throw new StoreDamage(`it is cut short: only ${this.#size} bytes are left`);
    }
    return bytes;
  }
}

/** The root of the tree that is described at a place. */
function treeIn(bytes: Buffer, at: number, isMain: boolean): Page {
  const height = bytes.readUInt16LE(at + TREE_DEPTH);
  return { number: bytes.readBigUInt64LE(at + TREE_ROOT), height, isMain };
}
