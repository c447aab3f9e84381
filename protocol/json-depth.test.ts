import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nestsDeeperThan } from './json-depth.ts';

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('nestsDeeperThan', () => {
  it('agrees with the parsed value, whatever its strings hold', () => {
    const text = fc.constantFrom('[', '{', '}', ']', '"', '\\', '[[[[', 'x');
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'large' },
        text,
        fc.array(tie('node'), { maxLength: 2 }),
        fc.dictionary(text, tie('node'), { maxKeys: 2 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, fc.integer({ min: 1, max: 6 }), (json, limit) => {
        // Padded, since short texts pass unread.
        expect(nestsDeeperThan(JSON.stringify([json, 'xxxxxxxxxxxx']), limit)).toBe(
          depthOf(json) + 1 > limit,
        );
      }),
    );
  });

  it('finds a wall of brackets', () => {
    expect(nestsDeeperThan('['.repeat(200_000))).toBe(true);
    expect(nestsDeeperThan(JSON.stringify('['.repeat(200_000)))).toBe(false);
  });
});
