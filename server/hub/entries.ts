/** What is to become of one key. */
export interface Entry {
  readonly key: string;
  /** Any JSON value. Absent: the key goes. */
  readonly value?: unknown;
}

/** A value as a state keeps it. */
export interface Cell {
  readonly value: unknown;
  /** Of key and value: texts in UTF-8, other values as their JSON. */
  readonly bytes: number;
}

/**
 * What an entry leaves under its key, or `undefined` when that goes. The value is a copy: whoever gave it may go on
 * changing it.
 *
 * @throws TypeError when the entry is none, or its value no JSON.
 */
export function toCell(entry: Entry): Cell | undefined {
  const { key, value } = entry;
  if (typeof key !== 'string') throw new TypeError('the key of an entry must be a string');
  if (value === undefined) return undefined;
  if (typeof value === 'string') return { value, bytes: bytesOf(key, value) };
  const text = textOf(value);
  return { value: JSON.parse(text) as unknown, bytes: bytesOf(key, text) };
}

/** What `value` counts for under `key`. */
export function cellBytes(key: string, value: unknown): number {
  return bytesOf(key, textOf(value));
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
