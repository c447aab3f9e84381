import { describe, expect, it } from 'vitest';
import { Stream } from './stream.ts';

function following(offset: number): Stream {
  const stream = new Stream();
  stream.resume({ epoch: 'e', offset });
  return stream;
}

describe('Stream#advance', () => {
  it('follows one publication after another', () => {
    const stream = following(4);
    expect(stream.advance({ epoch: 'e', offset: 5 })).toEqual({ type: 'next', gap: null });
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
    expect(following(4).advance({ epoch: 'e', offset: 8 })).toEqual({
      type: 'next',
      gap: { reason: 'skipped', missing: 3 },
    });
  });

  it('compares no offsets of different epochs', () => {
    const stream = following(4);
    expect(stream.advance({ epoch: 'f', offset: 1 })).toEqual({
      type: 'next',
      gap: { reason: 'epoch-changed', missing: null },
    });
    expect(stream.advance({ epoch: 'f', offset: 2 })).toEqual({ type: 'next', gap: null });
  });
});

describe('Stream#resume', () => {
  it('finds nothing missing at first', () => {
    expect(new Stream().resume({ epoch: 'e', offset: 100 })).toBeNull();
  });

  it('finds nothing missing when nothing was said meanwhile', () => {
    expect(following(4).resume({ epoch: 'e', offset: 4 })).toBeNull();
  });

  it.each([
    [
      { epoch: 'e', offset: 9 },
      { reason: 'disconnected', missing: 5 },
    ],
    [
      { epoch: 'f', offset: 4 },
      { reason: 'epoch-changed', missing: null },
    ],
    [
      { epoch: 'e', offset: 3 },
      { reason: 'rolled-back', missing: null },
    ],
    [null, { reason: 'unknown', missing: null }],
  ] as const)('from offset 4 to %j says %j', (now, gap) => {
    const stream = following(4);
    expect(stream.resume(now)).toEqual(gap);
    expect(stream.position).toEqual(now);
  });
});
