import { describe, expect, it } from 'vitest';
import { Stream } from './stream.ts';

/** A stream that is followed from this offset on. */
function following(offset: number, history = 0): Stream {
  const stream = new Stream();
  stream.begin({ epoch: 'e', offset }, history);
  return stream;
}

function next(gap: object | null = null, isReplayed = false): object {
  return { type: 'next', gap, isReplayed };
}

describe('Stream#advance', () => {
  it('follows one publication after another', () => {
    const stream = following(4);
    expect(stream.advance({ epoch: 'e', offset: 5 })).toEqual(next());
    expect(stream.position).toEqual({ epoch: 'e', offset: 5 });
  });

  it('knows what it has seen', () => {
    const stream = following(4);
    stream.advance({ epoch: 'e', offset: 5 });
    expect(stream.advance({ epoch: 'e', offset: 5 })).toEqual({ type: 'old' });
    expect(stream.advance({ epoch: 'e', offset: 3 })).toEqual({ type: 'old' });
    expect(stream.position).toEqual({ epoch: 'e', offset: 5 });
  });

  it('counts what was skipped', () => {
    expect(following(4).advance({ epoch: 'e', offset: 8 })).toEqual(next({ reason: 'skipped', missing: 3 }));
  });

  it('compares no offsets of different epochs', () => {
    const stream = following(4);
    expect(stream.advance({ epoch: 'f', offset: 1 })).toEqual(
      next({ reason: 'epoch-changed', missing: null }),
    );
    expect(stream.advance({ epoch: 'f', offset: 2 })).toEqual(next());
  });
});

describe('Stream#begin', () => {
  it('takes what history has for replayed, and misses nothing that it has not', () => {
    const stream = following(10, 5);
    expect(stream.position).toEqual({ epoch: 'e', offset: 5 });
    expect(stream.advance({ epoch: 'e', offset: 8 })).toEqual(next(null, true));
    expect(stream.advance({ epoch: 'e', offset: 9 })).toEqual(next(null, true));
    expect(stream.advance({ epoch: 'e', offset: 10 })).toEqual(next(null, true));
    expect(stream.advance({ epoch: 'e', offset: 11 })).toEqual(next());
  });

  it('misses holes once history has begun', () => {
    const stream = following(10, 5);
    stream.advance({ epoch: 'e', offset: 6 });
    expect(stream.advance({ epoch: 'e', offset: 9 })).toEqual(next({ reason: 'skipped', missing: 2 }, true));
  });

  it('misses what was said after it when history has nothing', () => {
    expect(following(10, 5).advance({ epoch: 'e', offset: 11 })).toEqual(next());
    expect(following(10, 5).advance({ epoch: 'e', offset: 13 })).toEqual(
      next({ reason: 'skipped', missing: 2 }),
    );
  });

  it('does not go below the first publication', () => {
    expect(following(2, 5).position).toEqual({ epoch: 'e', offset: 0 });
  });
});

describe('Stream#resume', () => {
  it.each([
    [{ epoch: 'e', offset: 4, recovered: true }, null],
    [{ epoch: 'e', offset: 4 }, null],
    [
      { epoch: 'e', offset: 9 },
      { reason: 'skipped', missing: 5 },
    ],
    [
      { epoch: 'f', offset: 4 },
      { reason: 'epoch-changed', missing: null },
    ],
    [
      { epoch: 'f', offset: 9, recovered: false, gap: { reason: 'epoch-changed', missing: null } },
      { reason: 'epoch-changed', missing: null },
    ],
    [
      { epoch: 'e', offset: 3 },
      { reason: 'rolled-back', missing: null },
    ],
    [
      { epoch: 'e', offset: 3, recovered: false, gap: { reason: 'rolled-back', missing: null } },
      { reason: 'rolled-back', missing: null },
    ],
  ] as const)('from offset 4 with %j says %j and goes on from there', (answer, gap) => {
    const stream = following(4);
    expect(stream.resume(answer)).toEqual(gap);
    const { epoch, offset } = answer;
    expect(stream.position).toEqual({ epoch, offset });
    expect(stream.advance({ epoch, offset: offset + 1 })).toEqual(next());
  });

  it('expects everything that was missed, and knows it from what is said now', () => {
    const stream = following(4);
    expect(stream.resume({ epoch: 'e', offset: 6, recovered: true })).toBeNull();
    expect(stream.advance({ epoch: 'e', offset: 5 })).toEqual(next(null, true));
    expect(stream.advance({ epoch: 'e', offset: 6 })).toEqual(next(null, true));
    expect(stream.advance({ epoch: 'e', offset: 7 })).toEqual(next());
  });

  it('tells once of what was trimmed, and expects the rest', () => {
    const stream = following(4);
    const gap = { reason: 'trimmed', missing: 3 } as const;
    expect(stream.resume({ epoch: 'e', offset: 9, recovered: false, gap })).toEqual(gap);
    expect(stream.advance({ epoch: 'e', offset: 8 })).toEqual(next(null, true));
    expect(stream.advance({ epoch: 'e', offset: 9 })).toEqual(next(null, true));
  });

  it('finds what the server promised and does not bring', () => {
    const stream = following(4);
    stream.resume({ epoch: 'e', offset: 9, recovered: true });
    expect(stream.advance({ epoch: 'e', offset: 7 })).toEqual(next({ reason: 'skipped', missing: 2 }, true));
  });

  it('says nothing of history that was never there', () => {
    const stream = following(10, 5);
    const gap = { reason: 'trimmed', missing: 7 } as const;
    expect(stream.resume({ epoch: 'e', offset: 14, recovered: false, gap })).toEqual({
      reason: 'trimmed',
      missing: 2,
    });
    expect(stream.advance({ epoch: 'e', offset: 13 })).toEqual(next(null, true));
  });

  it('can tell nothing where the server does not number', () => {
    const unknown = { reason: 'unknown', missing: null };
    const stream = new Stream();
    stream.begin({}, 0);
    expect(stream.resume({})).toEqual(unknown);
    expect(following(4).resume({})).toEqual(unknown);
  });
});

describe('Stream#skip', () => {
  it('tells what the server says will not come, and expects what follows', () => {
    const stream = following(4);
    expect(stream.skip({ reason: 'trimmed', missing: 7 })).toEqual({ reason: 'trimmed', missing: 7 });
    expect(stream.position).toEqual({ epoch: 'e', offset: 11 });
    expect(stream.advance({ epoch: 'e', offset: 12 })).toEqual(next());
  });

  it('expects anything after a hole that nobody has measured', () => {
    const stream = following(4);
    const gap = { reason: 'trimmed', missing: null } as const;
    expect(stream.skip(gap)).toEqual(gap);
    expect(stream.advance({ epoch: 'e', offset: 100 })).toEqual(next());
    expect(stream.advance({ epoch: 'e', offset: 102 })).toEqual(next({ reason: 'skipped', missing: 1 }));
  });
});
