/** Keys that were taken away, each with a number; the latest of them, so that they never take up much. */
export class RemovedKeys {
  /** The longest gone first. */
  readonly #numbers = new Map<string, number>();
  #chars = 0;

  get size(): number {
    return this.#numbers.size;
  }

  /** Of all keys together. */
  get chars(): number {
    return this.#chars;
  }

  get(key: string): number | undefined {
    return this.#numbers.get(key);
  }

  /** The key went last. Gives the numbers of those that are forgotten for it. */
  add(key: string, number: number): number[] {
    this.delete(key);
    this.#numbers.set(key, number);
    this.#chars += key.length;
    const forgotten: number[] = [];
    for (const [oldest, itsNumber] of this.#numbers) {
      if (this.#numbers.size <= MOST_KEYS && this.#chars <= MOST_CHARS) break;
      this.delete(oldest);
      forgotten.push(itsNumber);
    }
    return forgotten;
  }

  /** Gives the number that the key had. */
  delete(key: string): number | undefined {
    const number = this.#numbers.get(key);
    if (this.#numbers.delete(key)) this.#chars -= key.length;
    return number;
  }
}

const MOST_KEYS = 1000;
const MOST_CHARS = 65_536;
