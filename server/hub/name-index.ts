/** Most names in one piece of the list; putting one in moves no more than these. */
const MAX_PIECE = 1024;

/**
 * Names in order, so that all that start alike stand together and are found without looking at the others. The
 * list is kept in pieces: in one of a hundred thousand names, making room for another takes longer than all
 * else that opening a room takes.
 */
export class NameIndex {
  /** None is empty, unless it is the only one. */
  readonly #pieces: string[][] = [[]];

  /** A name is in it once. */
  add(name: string): void {
    const at = this.#pieceOf(name);
    const piece = this.#piece(at);
    const position = lowerBound(piece, name);
    if (piece[position] === name) return;
    piece.splice(position, 0, name);
    if (piece.length > MAX_PIECE) this.#pieces.splice(at + 1, 0, piece.splice(MAX_PIECE / 2));
  }

  delete(name: string): void {
    const at = this.#pieceOf(name);
    const piece = this.#piece(at);
    const position = lowerBound(piece, name);
    if (piece[position] !== name) return;
    piece.splice(position, 1);
    if (piece.length === 0 && this.#pieces.length > 1) this.#pieces.splice(at, 1);
  }

  /** In order; one that is the prefix itself is among them. */
  startingWith(prefix: string): string[] {
    const found: string[] = [];
    const first = this.#pieceOf(prefix);
    for (let at = first; at < this.#pieces.length; at++) {
      const piece = this.#piece(at);
      for (let i = at === first ? lowerBound(piece, prefix) : 0; i < piece.length; i++) {
        const name = piece[i] as string;
        if (!name.startsWith(prefix)) return found;
        found.push(name);
      }
    }
    return found;
  }

  #piece(at: number): string[] {
    return this.#pieces[at] as string[];
  }

  /** The last piece that starts no later than a name: where it is, or belongs. */
  #pieceOf(name: string): number {
    let low = 0;
    let high = this.#pieces.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#piece(middle)[0] as string) <= name) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** Where a name is in a sorted list, or would be. */
function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] as string) < name) low = middle + 1;
    else high = middle;
  }
  return low;
}
