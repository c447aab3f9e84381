import type { Publication } from '../../hub/publication.ts';
import type { Mark, Stretch } from '../retention.ts';

interface Entry extends Mark {
  /** Without its data, unless that is a text. */
  readonly publication: Publication;
  /** Data that is no text, as JSON: smaller than objects, and nobody can change it. */
  readonly json: string | undefined;
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

  /**
   * The next one of the stream.
   *
   * @throws TypeError when its data is no JSON value.
   */
  push(publication: Publication): void {
    const { data, at } = publication;
    const isText = typeof data === 'string';
    const json = isText ? undefined : (JSON.stringify(data) as string | undefined);
    this.#total += PUBLICATION_FOOTPRINT + (isText ? data : (json ?? '')).length;
    const kept = json === undefined ? publication : { ...publication, data: undefined };
    this.#entries.push({ publication: kept, json, at, total: this.#total });
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
    const { publication, json } = this.#entry(offset);
    return json === undefined ? publication : { ...publication, data: JSON.parse(json) as unknown };
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

/** About what a publication takes beside what was said. */
const PUBLICATION_FOOTPRINT = 256;
