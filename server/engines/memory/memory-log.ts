import type { Publication, Sender } from '../../hub/publication.ts';
import type { Mark, Stretch } from '../retention.ts';

/** Data that is no text, as JSON: smaller than objects, and nobody can change it. */
class Json {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What most publications do without. */
type Extras = Pick<Publication, 'except' | 'id' | 'to'>;

/**
 * The latest publications of one stream, in columns: an object for each would be carried along by the garbage
 * collector for as long as it is kept, which costs more than saying it to a few people does.
 */
export class MemoryLog implements Stretch {
  readonly #room: string;
  readonly #epoch: string;
  // From `#head` on; what is before that is gone already.
  #data: unknown[] = [];
  #kinds: string[] = [];
  #senders: (Sender | undefined)[] = [];
  #extras: (Extras | undefined)[] = [];
  #times: number[] = [];
  /** As in {@link Mark}. */
  #totals: number[] = [];
  #head = 0;
  #first = 1;
  #total = 0;
  #dropped = 0;

  constructor(room: string, epoch: string) {
    this.#room = room;
    this.#epoch = epoch;
  }

  /** Offset of the oldest. */
  get first(): number {
    return this.#first;
  }

  /** Offset of the newest. */
  get last(): number {
    return this.#first + this.#totals.length - this.#head - 1;
  }

  get bytes(): number {
    return this.#total - this.#dropped;
  }

  /**
   * The next one of the stream.
   *
   * @throws TypeError when its data is no JSON value.
   */
  push({ at, data, except, id, kind, sender, to }: Publication): void {
    const isText = typeof data === 'string';
    const json = isText ? undefined : (JSON.stringify(data) as string | undefined);
    const isPlain = except === undefined && id === undefined && to === undefined;
    this.#total += PUBLICATION_FOOTPRINT + (isText ? data : (json ?? '')).length;
    this.#data.push(json === undefined ? data : new Json(json));
    this.#kinds.push(kind);
    this.#senders.push(sender);
    this.#extras.push(isPlain ? undefined : { except, id, to });
    this.#times.push(at);
    this.#totals.push(this.#total);
  }

  /** Nothing is kept, but the offset counts. */
  skip(): void {
    this.#first++;
  }

  /** Only what is here may be asked for. */
  mark(offset: number): Mark {
    const index = this.#index(offset);
    return { at: this.#times[index] ?? 0, total: this.#totals[index] ?? 0 };
  }

  read(offset: number): Publication {
    const index = this.#index(offset);
    const data = this.#data[index];
    return {
      room: this.#room,
      epoch: this.#epoch,
      offset,
      kind: this.#kinds[index] ?? '',
      data: data instanceof Json ? (JSON.parse(data.text) as unknown) : data,
      sender: this.#senders[index] ?? NOBODY,
      at: this.#times[index] ?? 0,
      ...this.#extras[index],
    };
  }

  bytesOf(offset: number): number {
    const before = offset === this.#first ? this.#dropped : this.mark(offset - 1).total;
    return this.mark(offset).total - before;
  }

  /** `offset` is the oldest from now on. */
  dropBefore(offset: number): void {
    while (this.#first < offset && this.#head < this.#totals.length) {
      this.#dropped = this.#totals[this.#head] ?? 0;
      this.#data[this.#head] = undefined;
      this.#senders[this.#head] = undefined;
      this.#extras[this.#head] = undefined;
      this.#head++;
      this.#first++;
    }
    if (this.#head > 1024 && this.#head * 2 > this.#totals.length) this.#close();
  }

  /** Takes the gap away that was left by what is gone. */
  #close(): void {
    this.#data = this.#data.slice(this.#head);
    this.#kinds = this.#kinds.slice(this.#head);
    this.#senders = this.#senders.slice(this.#head);
    this.#extras = this.#extras.slice(this.#head);
    this.#times = this.#times.slice(this.#head);
    this.#totals = this.#totals.slice(this.#head);
    this.#head = 0;
  }

  #index(offset: number): number {
    const index = offset - this.#first + this.#head;
    if (index < this.#head || index >= this.#totals.length)
      throw new RangeError(`nothing is kept at ${offset}`);
    return index;
  }
}

const NOBODY: Sender = { id: null, name: undefined };
/** About what a publication takes beside what was said. */
const PUBLICATION_FOOTPRINT = 256;
