import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameIndex } from './name-index.ts';

const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', '日', '\uffff', '😀'), maxLength: 6 });
const byUnits = (a: string, b: string): number => (a < b ? -1 : 1);

describe('NameIndex', () => {
  it('finds by prefix what a look at every name finds, whatever came and went', () => {
    const step = fc.record({ name, isAdded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), name, (steps, prefix) => {
        const index = new NameIndex();
        const names = new Set<string>();
        for (const { name: one, isAdded } of steps) {
          if (isAdded) index.add(one);
          else index.delete(one);
          if (isAdded) names.add(one);
          else names.delete(one);
        }
        const expected = [...names].filter((one) => one.startsWith(prefix)).toSorted(byUnits);
        expect(index.startingWith(prefix)).toEqual(expected);
      }),
    );
  });

  it('keeps thousands, in whatever order they come and go', () => {
    const names = Array.from({ length: 10_000 }, (_, n) => `g${n % 7}/${(n * 7919) % 10_000}`);
    const below = (all: readonly string[], prefix: string): string[] =>
      all.filter((one) => one.startsWith(prefix)).toSorted(byUnits);
    const index = new NameIndex();
    for (const one of [...names, ...names]) index.add(one);
    for (const prefix of ['', 'g3/', 'g3/1', 'g6/', 'g7/', 'a/']) {
      expect(index.startingWith(prefix)).toEqual(below(names, prefix));
    }
    const [gone, left] = [names.slice(0, 9000), names.slice(9000)];
    for (const one of gone) index.delete(one);
    for (const prefix of ['', 'g3/', 'g0/']) expect(index.startingWith(prefix)).toEqual(below(left, prefix));
    for (const one of left) index.delete(one);
    expect(index.startingWith('')).toEqual([]);
    index.add('x');
    expect(index.startingWith('')).toEqual(['x']);
  });
});
