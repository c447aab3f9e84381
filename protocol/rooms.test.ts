import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asAckId, decodeVerb, encodeVerb } from './rooms.ts';

describe('decodeVerb', () => {
  it('reads back any event and JSON arguments', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.jsonValue()), (event, args) => {
        const verb = decodeVerb(encodeVerb(event, ...args));
        expect(verb).toEqual({ event, args: JSON.parse(JSON.stringify(args)) });
      }),
    );
  });

  it.each(['', '{oops', 'null', '5', '{}', '[]', '[5]', '"JOIN"'])('finds no verb in %j', (text) => {
    expect(decodeVerb(text)).toBeUndefined();
  });
});

describe('asAckId', () => {
  it('takes non-negative integers and short strings', () => {
    expect([0, 7, 'a'].map(asAckId)).toEqual([0, 7, 'a']);
  });

  it('takes nothing else', () => {
    for (const value of [-1, 1.5, NaN, '', 'x'.repeat(65), null, undefined, {}, true]) {
      expect(asAckId(value)).toBeUndefined();
    }
  });
});
