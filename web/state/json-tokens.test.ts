import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOf } from './json-tokens.ts';

const joined = (json: string) =>
  tokensOf(json)
    .map(({ text }) => text)
    .join('');

describe('tokensOf', () => {
  it('tells names, strings, numbers and words apart', () => {
    const tokens = tokensOf('{ "a\\"": "b: 1", "n": -1.5e3, "t": true }').filter(
      ({ kind }) => kind !== 'plain',
    );
    expect(tokens).toEqual([
      { text: '"a\\""', kind: 'name' },
      { text: '"b: 1"', kind: 'string' },
      { text: '"n"', kind: 'name' },
      { text: '-1.5e3', kind: 'number' },
      { text: '"t"', kind: 'name' },
      { text: 'true', kind: 'word' },
    ]);
  });

  it('loses and adds nothing, also in what is cut short or no JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(), (value, cut) => {
        const json = JSON.stringify(value, null, 2);
        expect(joined(json)).toBe(json);
        expect(joined(json.slice(0, cut))).toBe(json.slice(0, cut));
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(joined(text)).toBe(text);
      }),
    );
  });
});
