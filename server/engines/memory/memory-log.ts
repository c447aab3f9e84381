import type { Publication } from '../../hub/publication.ts';
import type { Mark, Stretch } from '../retention.ts';

interface Entry extends Mark {
  readonly publication: Publication;
}

/** The latest publications of one stream. */
export class MemoryLog implements Stretch {
  /** From `#head` on; what is before that is gone already. */
  #entries: (Entry | undefined)[] = [];
  #head = 0;
  #first = 1;
  #total = 0;
  #dropped = 0;

  /** Offset of the oldest. */
  get first(): number {
    return this.#first;
  }

  /** Offset of the newest. */
  get last(): number {
    return this.#first + this.#entries.length - this.#head - 1;
  }

  get bytes(): number {
    return this.#total - this.#dropped;
  }

  /** The next one of the stream. */
  push(publication: Publication, bytes: number): void {
    this.#total += bytes;
    this.#entries.push({ publication, at: publication.at, total: this.#total });
  }

  /** Nothing is kept, but the offset counts. */
  skip(): void {
    this.#first++;
  }

  /** Only what is here may be asked for. */
  mark(offset: number): Mark {
    return this.#entry(offset);
  }

  read(offset: number): Publication {
    return this.#entry(offset).publication;
  }

  bytesOf(offset: number): number {
    const before = offset === this.#first ? this.#dropped : this.#entry(offset - 1).total;
    return this.#entry(offset).total - before;
  }

  /** `offset` is the oldest from now on. */
  dropBefore(offset: number): void {
    while (this.#first < offset && this.#head < this.#entries.length) {
      this.#dropped = this.#entry(this.#first).total;
      this.#entries[this.#head] = undefined;
      this.#head++;
      this.#first++;
    }
    if (this.#head > 1024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }

  #entry(offset: number): Entry {
    const entry = this.#entries[offset - this.#first + this.#head];
    if (entry === undefined) throw new RangeError(`nothing is kept at ${offset}`);
    return entry;
  }
}
