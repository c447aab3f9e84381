import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeValue, modeOf, readValue, retype, spellOut, writeValue } from './state-value.ts';

describe('readValue', () => {
  it('reads back whatever was written, both ways', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = readValue(writeValue(value, modeOf(value)), modeOf(value));
        expect(read.isValue && JSON.stringify(read.value)).toBe(JSON.stringify(value));
        const spelled = readValue(spellOut(value), 'json');
        expect(spelled.isValue && JSON.stringify(spelled.value)).toBe(JSON.stringify(value));
      }),
    );
  });

  it('takes any text for a text, also none', () => {
    expect(readValue('{"a":', 'text')).toEqual({ isValue: true, value: '{"a":' });
    expect(readValue('', 'text')).toEqual({ isValue: true, value: '' });
  });

  it('says what is wrong with what is no JSON', () => {
    expect(readValue('{"a":', 'json')).toMatchObject({
      isValue: false,
      problem: expect.stringMatching(/^This is not JSON: .+\. Choose Text/) as string,
    });
    expect(readValue(' ', 'json')).toEqual({ isValue: false, problem: 'There is nothing here yet.' });
  });
});

describe('retype', () => {
  it('keeps what was meant', () => {
    expect(retype('soup', 'text', 'json')).toBe('"soup"');
    expect(retype('"soup"', 'json', 'text')).toBe('soup');
    expect(retype('{"a":1}', 'text', 'json')).toBe('{"a":1}');
    expect(retype('{"a":1}', 'json', 'text')).toBe('{"a":1}');
    expect(retype('', 'text', 'json')).toBe('');
    expect(retype('{"a":', 'json', 'text')).toBe('{"a":');
  });
});

describe('spellOut', () => {
  it('keeps on one line what fits on one', () => {
    expect(spellOut({ soup: 'tomato', spoons: [1, 2] })).toBe('{ "soup": "tomato", "spoons": [ 1, 2 ] }');
    expect(spellOut('two\nlines')).toBe('"two\\nlines"');
    expect(spellOut([])).toBe('[]');
    expect(spellOut({ a: 'a'.repeat(60), b: { c: [1, 2] } })).toBe(
      `{\n  "a": "${'a'.repeat(60)}",\n  "b": { "c": [ 1, 2 ] }\n}`,
    );
    expect(spellOut([['b'.repeat(70)], 1])).toBe(`[\n  [\n    "${'b'.repeat(70)}"\n  ],\n  1\n]`);
  });
});

describe('describeValue', () => {
  it('tells kinds apart', () => {
    expect([null, true, 4, '😀', [1], { a: 1, b: 2 }].map(describeValue)).toEqual([
      'null',
      'boolean',
      'number',
      'text of 1 character',
      'list of 1 item',
      'object with 2 fields',
    ]);
  });
});
