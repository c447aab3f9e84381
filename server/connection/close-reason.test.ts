import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeReason } from './close-reason.ts';

describe('closeReason', () => {
  it('leaves alone what fits', () => {
    for (const text of ['', 'bye', 'x'.repeat(123), `${'日'.repeat(41)}`])
      expect(closeReason(text)).toBe(text);
  });

  it('cuts between characters, and no more than it must', () => {
    expect(closeReason('x'.repeat(124))).toBe('x'.repeat(123));
    expect(closeReason(`x${'日'.repeat(41)}`)).toBe(`x${'日'.repeat(40)}`);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const cut = closeReason(text);
        expect(text.startsWith(cut)).toBe(true);
        const [next = ''] = text.slice(cut.length);
        const bytes = Buffer.byteLength(cut);
        expect(bytes).toBeLessThanOrEqual(123);
        if (next !== '') expect(bytes + Buffer.byteLength(next)).toBeGreaterThan(123);
      }),
    );
  });
});
