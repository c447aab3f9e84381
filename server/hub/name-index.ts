/** Names in order, so that all that start alike stand together and are found without looking at the others. */
export class NameIndex {
  readonly #names: string[] = [];

  /** A name is in it once. */
  add(name: string): void {
    const at = this.#position(name);
    if (this.#names[at] !== name) this.#names.splice(at, 0, name);
  }

  delete(name: string): void {
    const at = this.#position(name);
    if (this.#names[at] === name) this.#names.splice(at, 1);
  }

  /** In order; one that is the prefix itself is among them. */
  startingWith(prefix: string): string[] {
    const start = this.#position(prefix);
    let end = start;
    while (this.#names[end]?.startsWith(prefix) === true) end++;
    return this.#names.slice(start, end);
  }

  /** Where a name is, or would be. */
  #position(name: string): number {
    let low = 0;
    let high = this.#names.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#names[middle] as string) < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
