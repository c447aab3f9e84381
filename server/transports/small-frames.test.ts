import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientFrame, readFrames } from '../test/support/ws-codec.ts';
import { readSmallFrame } from './small-frames.ts';

const opcode = fc.constantFrom(0x1, 0x1, 0x1, 0x2, 0x9, 0xa);
const payload = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
);

describe('readSmallFrame', () => {
  it('reads text and pongs as ws does, and leaves everything else untouched', () => {
    fc.assert(
      fc.property(payload, opcode, fc.boolean(), fc.boolean(), (body, kind, fin, mask) => {
        fc.pre(kind < 8 || body.length <= 125);
        const bytes = clientFrame(kind, body, { fin, mask });
        const copy = Buffer.from(bytes);
        const read = readSmallFrame(bytes, 0, 0);
        if (read.type === 'other') {
          expect(bytes).toEqual(copy);
          return;
        }
        expect(read.end).toBe(bytes.length);
        expect(readFrames(copy, 'client')).toEqual([read.type === 'text' ? `text ${read.text}` : 'pong']);
      }),
    );
  });

  it('reads every whole masked valid text up to 64 KiB by itself', () => {
    for (const length of [0, 1, 125, 126, 127, 1000, 65_535]) {
      const text = 'ü'.repeat(length / 2) + 'x'.repeat(length % 2);
      expect(readSmallFrame(clientFrame(1, Buffer.from(text)), 0, 0)).toMatchObject({ type: 'text', text });
    }
  });

  it('leaves a frame that is cut anywhere', () => {
    const bytes = clientFrame(1, 'x'.repeat(200));
    for (let length = 0; length < bytes.length; length++) {
      expect(readSmallFrame(bytes.subarray(0, length), 0, 0)).toEqual({ type: 'other' });
    }
  });

  it('leaves text that is no UTF-8, a frame over the limit, and a length written too long', () => {
    expect(readSmallFrame(clientFrame(1, Buffer.from([0xff])), 0, 0).type).toBe('other');
    expect(readSmallFrame(clientFrame(1, Buffer.from('12345')), 0, 4).type).toBe('other');
    const padded = Buffer.from([0x81, 0xfe, 0, 1, 0, 0, 0, 0, 0x78]);
    expect(readSmallFrame(padded, 0, 0).type).toBe('other');
  });

  it('starts where it is told', () => {
    const bytes = Buffer.concat([clientFrame(1, Buffer.from('a')), clientFrame(1, Buffer.from('b'))]);
    const first = readSmallFrame(bytes, 0, 0);
    expect(first).toMatchObject({ type: 'text', text: 'a' });
    if (first.type !== 'other') expect(readSmallFrame(bytes, first.end, 0)).toMatchObject({ text: 'b' });
  });
});
