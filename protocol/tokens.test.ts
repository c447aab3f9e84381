import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTokenMessage, encodeJsonFrame, isToken, parseReceivers } from './tokens.ts';

describe('decodeTokenMessage', () => {
  it.each([
    ['abc1,group/|Hello', { type: 'message', receivers: 'abc1,group/', body: 'Hello' }],
    ['abc1|a|b', { type: 'message', receivers: 'abc1', body: 'a|b' }],
    ['|', { type: 'message', receivers: '', body: '' }],
    [' abc1 | x ', { type: 'message', receivers: ' abc1 ', body: ' x ' }],
    ['RegisterToken:abc1', { type: 'register', token: 'abc1' }],
    ['RegisterToken: a:b ', { type: 'register', token: 'a:b' }],
    ['RegisterToken:a|b', { type: 'register', token: 'a|b' }],
    ['RegisterToken:', { type: 'register', token: '' }],
    ['Echo:x|y', { type: 'echo', text: 'x|y' }],
    ['Echo: a:b ', { type: 'echo', text: ' a:b ' }],
    ['echo:x', { type: 'unknown' }],
    [' Echo:x', { type: 'unknown' }],
    ['Echo', { type: 'unknown' }],
    ['abc1 hello', { type: 'unknown' }],
    ['', { type: 'unknown' }],
  ])('reads %j', (text, message) => {
    expect(decodeTokenMessage(text)).toEqual(message);
  });
});

describe('isToken', () => {
  it.each(['abc1', 'group/item1', 'group/', 'a:b', 'a b', '日本', '__proto__'])('takes %j', (token) => {
    expect(isToken(token)).toBe(true);
  });

  it.each(['', ' ', 'a,b', 'a|b', ' a', 'a\n'])('refuses %j', (token) => {
    expect(isToken(token)).toBe(false);
  });
});

describe('parseReceivers', () => {
  it('tells tokens from prefixes and leaves out what is empty, said twice or covered', () => {
    const { tokens, prefixes } = parseReceivers(' abc1 ,,b/c/, abc1,b/,\tabc3\n,b/c/d/,bb/, ,b/');
    expect([...tokens]).toEqual(['abc1', 'abc3']);
    expect(prefixes).toEqual(['b/', 'bb/']);
    expect(parseReceivers('')).toEqual({ tokens: new Set(), prefixes: [] });
  });

  it('means a token exactly when one entry by itself does (S4 §2.1)', () => {
    const text = (max: number) =>
      fc.string({ unit: fc.constantFrom('a', 'b', '/', ' ', '日', '\u00a0'), maxLength: max });
    fc.assert(
      fc.property(
        fc.array(text(6), { maxLength: 8 }),
        fc.array(text(8), { maxLength: 20 }),
        (entries, names) => {
          const { tokens, prefixes } = parseReceivers(entries.join(','));
          for (const token of names.filter(isToken)) {
            const isMeant = entries.some((entry) => {
              const trimmed = entry.trim();
              return trimmed.endsWith('/') ? token.startsWith(trimmed) : token === trimmed;
            });
            const isFound = tokens.has(token) || prefixes.some((prefix) => token.startsWith(prefix));
            expect({ token, isFound }).toEqual({ token, isFound: isMeant });
          }
          for (const one of prefixes) {
            expect(prefixes.filter((other) => other.startsWith(one))).toEqual([one]);
          }
        },
      ),
    );
  });
});

describe('encodeJsonFrame', () => {
  it('S4.33 writes the bytes of the original', () => {
    expect(encodeJsonFrame('Hello')).toBe('"Hello"\n');
    expect(encodeJsonFrame('<b>&')).toBe('"\\u003cb\\u003e\\u0026"\n');
    expect(encodeJsonFrame('a\u2028\u2029"\\\n\t\u0001ü/')).toBe('"a\\u2028\\u2029\\"\\\\\\n\\t\\u0001ü/"\n');
    expect(encodeJsonFrame('x\ud800y😀')).toBe('"x\ufffdy😀"\n');
  });

  it('says the same as JSON does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (body) => {
        const frame = encodeJsonFrame(body);
        expect(frame).not.toMatch(/[<>&\u2028\u2029]/);
        expect(JSON.parse(frame)).toBe(body);
      }),
    );
  });
});
