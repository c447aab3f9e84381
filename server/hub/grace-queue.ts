/**
 * Things that are over unless they are taken out in time. All wait equally long, so the oldest is always the next
 * to go, and one timer does for all.
 */
export class GraceQueue<T> {
  readonly #graceMs: number;
  readonly #over: (item: T) => void;
  /** Since when, by the process's clock; the oldest first. */
  readonly #items = new Map<T, number>();
  #timer: NodeJS.Timeout | undefined;

  /** `over` is told of each whose time, in ms, is over; `Infinity`: none ever is, 0: each at once. */
  constructor(graceMs: number, over: (item: T) => void) {
    this.#graceMs = graceMs;
    this.#over = over;
  }

  get size(): number {
    return this.#items.size;
  }

  has(item: T): boolean {
    return this.#items.has(item);
  }

  /** Its time begins, or begins anew. */
  add(item: T): void {
    this.#items.delete(item);
    if (this.#graceMs <= 0) {
      this.#over(item);
      return;
    }
    this.#items.set(item, performance.now());
    this.#schedule();
  }

  /** False when it was not waiting. */
  remove(item: T): boolean {
    return this.#items.delete(item);
  }

  /** Takes out the one that has waited longest. */
  shift(): T | undefined {
    for (const item of this.#items.keys()) {
      this.#items.delete(item);
      return item;
    }
    return undefined;
  }

  /** Nothing is over any more. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#items.clear();
  }

  /** A timer that comes too early, because the oldest was taken out, just sets itself anew. */
  #schedule(): void {
    if (this.#timer !== undefined || this.#graceMs === Infinity) return;
    for (const since of this.#items.values()) {
      const waitMs = Math.max(since + this.#graceMs - performance.now(), 0);
      this.#timer = setTimeout(this.#sweep, Math.min(Math.ceil(waitMs), LONGEST_MS));
      this.#timer.unref();
      return;
    }
  }

  readonly #sweep = (): void => {
    this.#timer = undefined;
    const over = performance.now() - this.#graceMs;
    for (const [item, since] of this.#items) {
      if (since > over) break;
      this.#items.delete(item);
      this.#over(item);
    }
    this.#schedule();
  };
}

/** What a timer can count. */
const LONGEST_MS = 2 ** 31 - 1;
