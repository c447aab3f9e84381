import { expect, it } from 'vitest';
import { PostPace } from './post-pace.ts';

/** Sends this much after a beat, each POST as large as it may be, and says how large they were. */
function send(total: number, latencyMs: number, bytesPerMs: number): number[] {
  const pace = new PostPace();
  const takes = (bytes: number): number => latencyMs + bytes / bytesPerMs;
  pace.took(2, takes(2));
  const sizes: number[] = [];
  for (let left = total; left > 0;) {
    const size = Math.min(left, pace.bytes);
    pace.took(size, takes(size));
    sizes.push(size);
    left -= size;
  }
  return sizes;
}

it('a slow network gets requests that take about a second', () => {
  const [first, ...others] = send(200_000, 100, 8);
  expect(first).toBe(16_384);
  expect(Math.max(...others)).toBeLessThanOrEqual(8100);
  expect(Math.min(...others.slice(0, -1))).toBeGreaterThan(7900);
});

it('a fast network gets all it can carry, however long the way is', () => {
  expect(send(2_000_000, 1500, 10_000)).toHaveLength(7);
});

it('a small request that takes long says nothing about large ones', () => {
  const pace = new PostPace();
  for (const ms of [10, 5000]) pace.took(100, ms);
  expect(pace.bytes).toBe(16_384);
});
