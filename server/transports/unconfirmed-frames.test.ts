import { expect, it } from 'vitest';
import { UnconfirmedFrames } from './unconfirmed-frames.ts';

function leaving(frames: UnconfirmedFrames): string[] {
  const left: string[] = [];
  while (frames.isBehind) left.push(frames.take());
  return left;
}

it('leave again in order until they are confirmed', () => {
  const frames = new UnconfirmedFrames();
  for (const frame of ['a["1"]', 'a["2"]', 'a["3"]']) frames.add(frame);
  expect(leaving(frames)).toEqual(['a["1"]', 'a["2"]', 'a["3"]']);
  expect(frames.confirm(1)).toBe('fits');
  expect(frames.take()).toBe('a["2"]');
  frames.add('a["4"]');
  expect(frames.confirm(1)).toBe('fits');
  expect(leaving(frames)).toEqual(['a["2"]', 'a["3"]', 'a["4"]']);
  expect(frames.confirm(4)).toBe('fits');
  expect([frames.isBehind, frames.bytes]).toEqual([false, 0]);
});

it('count in bytes', () => {
  const frames = new UnconfirmedFrames();
  frames.add('a["日"]');
  frames.add('a[]');
  expect(frames.bytes).toBe(11);
  frames.confirm(1);
  expect(frames.bytes).toBe(3);
});

it('do not care for what comes late or cannot be', () => {
  const frames = new UnconfirmedFrames();
  for (const frame of ['a["1"]', 'a["2"]']) frames.add(frame);
  frames.confirm(1);
  expect([frames.confirm(0), frames.confirm(3)]).toEqual(['late', 'impossible']);
  expect(leaving(frames)).toEqual(['a["2"]']);
});
