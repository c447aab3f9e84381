import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFrames } from '../test/support/ws-codec.ts';
import { textFrame, textFrames } from './websocket-frames.ts';

const measured = (text: string) => ({ text, bytes: Buffer.byteLength(text) });

describe('textFrame', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 100_000])(
    'writes %i bytes so that ws can read them',
    (length) => {
      const text = 'x'.repeat(length);
      expect(readFrames(textFrame(text), 'server')).toEqual([`text ${text}`]);
    },
  );
});

describe('textFrames', () => {
  it('writes any texts as one frame each', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 200 }), { maxLength: 5 }),
        async (texts) => {
          const frames = textFrames(texts.map(measured));
          expect(frames).toEqual(Buffer.concat(texts.map(textFrame)));
        },
      ),
    );
  });

  it('starts each frame where the last one ended', () => {
    expect(readFrames(textFrames(['a'].map(measured)), 'server')).toEqual(['text a']);
    const frames = textFrames(['ü', 'x'.repeat(200)].map(measured));
    expect(frames.length).toBe(2 + 2 + 4 + 200);
  });
});
