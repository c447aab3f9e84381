import { seal, type Tree } from './tree.ts';

interface Write {
  readonly tree: Tree;
  readonly key: Buffer;
  /** `undefined`: the key goes. */
  readonly sealed: Buffer | undefined;
}

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
