import { HubError } from './errors.ts';

/** What is to become of one key. */
export interface Entry {
  readonly key: string;
  /** Any JSON value. Absent: the key goes. */
  readonly value?: unknown;
}

/** 0 lifts a limit. */
export interface StateLimits {
  readonly keys: number;
  /** Of keys and values together: texts in UTF-8, other values as their JSON. */
  readonly bytes: number;
}

/** Keys and their JSON values: what a room remembers, or what a member shows of itself. In the order they were first set. */
export class KeyedState {
  readonly #values = new Map<string, unknown>();
  readonly #limits: StateLimits;
  #bytes = 0;

  constructor(limits: StateLimits) {
    this.#limits = limits;
  }

  /** Live. */
  get values(): ReadonlyMap<string, unknown> {
    return this.#values;
  }

  get size(): number {
    return this.#values.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Looks whether entries can be set, one after the other, and sets nothing yet: what comes back does, all of
   * them. Nothing else may be set between the two.
   *
   * @throws HubError `limit` when they would not fit.
   * @throws TypeError when an entry is none, or its value no JSON.
   */
  prepare(entries: readonly Entry[]): () => void {
    const next = new Map<string, Cell | undefined>();
    let keys = this.#values.size;
    let bytes = this.#bytes;
    for (const entry of entries) {
      const cell = toCell(entry);
      const before = next.has(entry.key) ? next.get(entry.key) : this.#cell(entry.key);
      keys += Number(cell !== undefined) - Number(before !== undefined);
      bytes += (cell?.bytes ?? 0) - (before?.bytes ?? 0);
      next.set(entry.key, cell);
    }
    this.#check(keys, bytes);
    return () => {
      for (const [key, cell] of next) {
        if (cell === undefined) this.#values.delete(key);
        else this.#values.set(key, cell.value);
      }
      this.#bytes = bytes;
    };
  }

  clear(): void {
    this.#values.clear();
    this.#bytes = 0;
  }

  #cell(key: string): Cell | undefined {
    if (!this.#values.has(key)) return undefined;
    const value = this.#values.get(key);
    return { value, bytes: bytesOf(key, textOf(value)) };
  }

  /** What shrinks always fits, or a state that is over its limit could never get below it again. */
  #check(keys: number, bytes: number): void {
    const { keys: mostKeys, bytes: mostBytes } = this.#limits;
    if (mostKeys !== 0 && keys > mostKeys && keys > this.#values.size) {
      throw new HubError('limit', `a state has at most ${mostKeys} keys`);
    }
    if (mostBytes !== 0 && bytes > mostBytes && bytes > this.#bytes) {
      throw new HubError('limit', `a state has at most ${mostBytes} bytes`);
    }
  }
}

interface Cell {
  readonly value: unknown;
  readonly bytes: number;
}

function toCell(entry: Entry): Cell | undefined {
  const { key, value } = entry;
  if (typeof key !== 'string') throw new TypeError('the key of an entry must be a string');
  if (value === undefined) return undefined;
  if (typeof value === 'string') return { value, bytes: bytesOf(key, value) };
  const text = textOf(value);
  // A copy: whoever gave the value may go on changing it.
  return { value: JSON.parse(text) as unknown, bytes: bytesOf(key, text) };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new TypeError(`a ${typeof value} is no JSON value`);
  return text;
}

function bytesOf(key: string, text: string): number {
  return Buffer.byteLength(key) + Buffer.byteLength(text);
}
