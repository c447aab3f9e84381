import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyedState } from './keyed-state.ts';
import { recover } from './recovery.ts';

const state = new KeyedState({ keys: 0, bytes: 0 });

/** A room with publications up to `offset`, of which history has those from `first` on. */
function room(offset: number, first = 1): Parameters<typeof recover>[1] {
  return { epoch: 'e', position: { epoch: 'e', offset }, first, state };
}

describe('recover', () => {
  it('goes on where somebody stopped', () => {
    expect(recover({ epoch: 'e', offset: 3 }, room(7))).toEqual({ from: 3, gap: undefined });
    expect(recover({ epoch: 'e', offset: 7 }, room(7))).toEqual({ from: 7, gap: undefined });
    expect(recover({ epoch: 'e', offset: 0 }, room(0))).toEqual({ from: 0, gap: undefined });
  });

  it('needs nothing of what somebody has already', () => {
    expect(recover({ epoch: 'e', offset: 4 }, room(7, 5))).toEqual({ from: 4, gap: undefined });
    expect(recover({ epoch: 'e', offset: 7 }, room(7, 8))).toEqual({ from: 7, gap: undefined });
  });

  it('counts what history has no more, and goes on after that', () => {
    const gap = { reason: 'trimmed', missing: 2 };
    expect(recover({ epoch: 'e', offset: 2 }, room(7, 5))).toEqual({ from: 4, gap });
    expect(recover({ epoch: 'e', offset: 5 }, room(7, 8))).toEqual({ from: 7, gap });
  });

  it('begins now in another stream, or in one that is shorter than it was', () => {
    expect(recover({ epoch: 'old', offset: 3 }, room(7))).toEqual({
      from: 7,
      gap: { reason: 'epoch-changed', missing: null },
    });
    expect(recover({ epoch: 'e', offset: 8 }, room(7))).toEqual({
      from: 7,
      gap: { reason: 'rolled-back', missing: null },
    });
  });

  it('accounts for every message: what comes and what is missing make up all that was said', () => {
    const numbers = fc.record({ since: fc.nat(30), offset: fc.nat(30), trimmed: fc.nat(30) });
    fc.assert(
      fc.property(numbers, ({ since, offset, trimmed }) => {
        fc.pre(since <= offset);
        const first = Math.min(trimmed, offset) + 1;
        const { from, gap } = recover({ epoch: 'e', offset: since }, room(offset, first));
        expect(offset - from + (gap?.missing ?? 0)).toBe(offset - since);
        expect(from).toBeGreaterThanOrEqual(first - 1 < since ? since : first - 1);
        expect(gap === undefined).toBe(since >= first - 1);
      }),
    );
  });
});
