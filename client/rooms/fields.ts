/** An object from outside, of which nothing is known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/** Empty when it is no object. */
export function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/** What `read` makes of each entry, without those it cannot read; `undefined` when it is no list. */
export function asList<T>(value: unknown, read: (fields: Fields) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.map((entry) => read(asFields(entry))).filter((entry) => entry !== undefined);
}
