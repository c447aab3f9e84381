/**
 * What one member has received, held against what it must receive: from every publisher each sequence number
 * once, in order.
 */
export class Receipts {
  readonly #next: Int32Array;
  #order = 0;

  constructor(publishers: number) {
    this.#next = new Int32Array(publishers);
  }

  /** Books one message; returns what is wrong with it, if anything. */
  book(publisher: number, sequence: number): string | undefined {
    const expected = this.#next[publisher];
    if (sequence !== expected) return complaint(publisher, sequence, expected);
    this.#next[publisher] = sequence + 1;
    this.#order = (Math.imul(this.#order, 31) + Math.imul(publisher + 1, 7919) + sequence) | 0;
    return undefined;
  }

  /** How many messages of a publisher have come. */
  count(publisher: number): number {
    return this.#next[publisher] ?? 0;
  }

  /** A fingerprint of the order in which the publishers' messages came in; equal for members that saw the same. */
  get order(): number {
    return this.#order;
  }
}

function complaint(publisher: number, sequence: number, expected: number | undefined): string {
  if (expected === undefined) return `a message of publisher ${publisher}, who does not exist`;
  const what = sequence < expected ? 'doubled or reordered' : 'lost or reordered';
  return `${what}: publisher ${publisher}, message ${sequence} where ${expected} was due`;
}
