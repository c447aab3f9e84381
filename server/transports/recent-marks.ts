/** What was handed out within this time, in ms, may still be on its way. */
const WINDOW_MS = 10_000;

/** More browsers than this at a time, and the oldest is forgotten. */
const MOST = 10_000;

interface Mark {
  readonly text: string;
  readonly at: number;
}

/**
 * Marks that were handed out a moment ago. A browser that asks for several things at once is to get the same mark with
 * each answer: of two different ones it would keep the one that arrives last, whatever it had used the other for.
 */
export class RecentMarks {
  readonly #make: () => string;
  readonly #now: () => number;
  readonly #marks = new Map<string, Mark>();

  /** `make` makes a new one; `now` answers like `performance.now`. */
  constructor(make: () => string, now: () => number = () => performance.now()) {
    this.#make = make;
    this.#now = now;
  }

  /** The mark for whoever looks like this. */
  for(likeness: string): string {
    const now = this.#now();
    const known = this.#marks.get(likeness);
    if (known !== undefined && now - known.at < WINDOW_MS) return known.text;
    const mark = { text: this.#make(), at: now };
    this.#marks.delete(likeness);
    this.#marks.set(likeness, mark);
    for (const [oldest, { at }] of this.#marks) {
      if (this.#marks.size <= MOST && now - at < WINDOW_MS) break;
      this.#marks.delete(oldest);
    }
    return mark.text;
  }
}
