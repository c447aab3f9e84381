import { seal, type Tree } from './tree.ts';

interface Write {
  readonly tree: Tree;
  readonly key: Buffer;
  /** `undefined`: the key goes. */
  readonly sealed: Buffer | undefined;
}

/** Of pages of the file that one write may take: of the tree, anew, and around a value of any length. */
const PAGES_BYTES = 4 * 4096;
/** And all writes together, for what the library keeps for itself. */
const BOOKKEEPING_BYTES = 64 * 4096;

/** What is to be written at once, in this order. */
export class WriteSet {
  readonly #writes: Write[] = [];
  #bytes = 0;

  get size(): number {
    return this.#writes.length;
  }

  /** Of keys and values. */
  get bytes(): number {
    return this.#bytes;
  }

  /** More of the file than it can take. */
  get mostBytes(): number {
    return this.#bytes + this.size * PAGES_BYTES + BOOKKEEPING_BYTES;
  }

  put(tree: Tree, key: Buffer, value: Buffer): void {
    this.#writes.push({ tree, key, sealed: seal(key, value) });
    this.#bytes += key.length + value.length;
  }

  remove(tree: Tree, key: Buffer): void {
    this.#writes.push({ tree, key, sealed: undefined });
  }

  /** Nothing can fail here: half of a set must not be written. */
  apply(): void {
    for (const { tree, key, sealed } of this.#writes) {
      if (sealed === undefined) tree.remove(key);
      else tree.put(key, sealed);
    }
  }
}
