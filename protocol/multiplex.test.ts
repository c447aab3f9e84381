import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, escapeTopic, unescapeTopic } from './multiplex.ts';

/** Annex B of the language: deprecated, and here to compare with. */
declare function escape(text: string): string;

describe('decodeFrame', () => {
  it('splits on the first two commas only', () => {
    expect(decodeFrame('msg,ann,one,two,,three,')).toEqual({
      type: 'msg',
      topic: 'ann',
      payload: 'one,two,,three,',
    });
  });

  it('reads a missing payload as an empty one', () => {
    expect(decodeFrame('msg,ann')).toEqual(decodeFrame('msg,ann,'));
  });

  it.each(['', ',', ',,', 'sub', 'foo,ann,x', 'MSG,ann,x', ' msg,ann,x', 'msgs,ann', 'ms,ann'])(
    'finds no frame in %j',
    (text) => {
      expect(decodeFrame(text)).toBeUndefined();
    },
  );

  it('reads back whatever encodeFrame wrote', () => {
    const type = fc.constantFrom('sub' as const, 'msg' as const, 'uns' as const);
    fc.assert(
      fc.property(
        type,
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (kind, name, payload) => {
          const topic = escapeTopic(name);
          expect(decodeFrame(encodeFrame(kind, topic, payload))).toEqual({ type: kind, topic, payload });
        },
      ),
    );
  });
});

describe('escapeTopic', () => {
  it.each([
    ['ann', 'ann'],
    ['a,b', 'a%2Cb'],
    ['100%', '100%25'],
    ['a b', 'a%20b'],
    ['ü', '%FC'],
    ['日本', '%u65E5%u672C'],
    ['😀', '%uD83D%uDE00'],
    ['a/b+c@*_-.', 'a/b+c@*_-.'],
    ["~!()'", '%7E%21%28%29%27'],
    ['', ''],
  ])('writes %j as %j', (name, escaped) => {
    expect(escapeTopic(name)).toBe(escaped);
  });

  it('agrees with the old global escape() on every code unit', () => {
    for (let unit = 0; unit < 65_536; unit++) {
      const character = String.fromCharCode(unit);
      expect(escapeTopic(character)).toBe(escape(character));
    }
  });
});

describe('unescapeTopic', () => {
  it('undoes escapeTopic for any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(unescapeTopic(escapeTopic(name))).toBe(name);
      }),
    );
  });

  it('takes either hex case', () => {
    expect(unescapeTopic('%fc%u65e5')).toBe('ü日');
  });

  it('takes a topic with a bad escape literally as a whole', () => {
    expect(unescapeTopic('100%')).toBe('100%');
    expect(unescapeTopic('%2C%zz')).toBe('%2C%zz');
  });

  it('does not take UTF-8 sequences for the character they encode', () => {
    expect(unescapeTopic('%C3%BC')).toBe('Ã¼');
  });
});
