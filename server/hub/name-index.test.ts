import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameIndex } from './name-index.ts';

const name = fc.string({ unit: fc.constantFrom('a', 'b', '/', '日', '\uffff', '😀'), maxLength: 6 });

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
        const expected = [...names].filter((one) => one.startsWith(prefix)).sort();
        expect(index.startingWith(prefix)).toEqual(expected);
      }),
    );
  });
});
