/** The newest `capacity` items; older ones are overwritten in place. */
export class RingBuffer<T> implements Iterable<T> {
  readonly capacity: number;
  #items: T[] = [];
  #start = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  get length(): number {
    return this.#items.length;
  }

  push(item: T): void {
    if (this.#items.length < this.capacity) {
      this.#items.push(item);
      return;
    }
    this.#items[this.#start] = item;
    this.#start = (this.#start + 1) % this.capacity;
  }

  /** Counts from the oldest; negative numbers from the newest. */
  at(index: number): T | undefined {
    const position = index < 0 ? index + this.#items.length : index;
    if (position < 0 || position >= this.#items.length) return undefined;
    return this.#items[(this.#start + position) % this.#items.length];
  }

  clear(): void {
    this.#items = [];
    this.#start = 0;
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = 0; i < this.#items.length; i++) yield this.at(i) as T;
  }
}
