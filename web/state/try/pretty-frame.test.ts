import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyFrame } from './pretty-frame.ts';

describe('prettyFrame', () => {
  it('lays JSON out as JSON.stringify would, and keeps every value', () => {
    fc.assert(
      fc.property(
        fc.json().filter((json) => /^[[{]/.test(json)),
        (json) => {
          expect(JSON.parse(prettyFrame(json) ?? '')).toEqual(JSON.parse(json));
        },
      ),
    );
    const value = { a: [1, { b: null }], 'c:,{[': '"}],:', d: [], e: {} };
    expect(prettyFrame(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  });

  it('keeps numbers, keys and escapes to the letter', () => {
    expect(prettyFrame('{"__proto__":1e999,"a":1.0,"a":12345678901234567890,"\\u0041":"\\/"}')).toBe(
      '{\n  "__proto__": 1e999,\n  "a": 1.0,\n  "a": 12345678901234567890,\n  "\\u0041": "\\/"\n}',
    );
  });

  it('lays out what follows a head', () => {
    expect(prettyFrame('msg,layout,["ACK",1]')).toBe('msg,layout,\n[\n  "ACK",\n  1\n]');
    expect(prettyFrame('42/layout,7["JOIN"]')).toBe('42/layout,7\n[\n  "JOIN"\n]');
    expect(prettyFrame('group/|{"a":[]}')).toBe('group/|\n{\n  "a": []\n}');
  });

  it('leaves alone what is no JSON, or nests too deep', () => {
    for (const text of [
      '',
      'hello',
      '"text"',
      '12',
      '[1,',
      'a{b',
      '{}x',
      `${'['.repeat(80)}${']'.repeat(80)}`,
    ]) {
      expect(prettyFrame(text), text).toBeNull();
    }
    expect(prettyFrame(`${'x'.repeat(100)}[1]`)).toBeNull();
  });
});
