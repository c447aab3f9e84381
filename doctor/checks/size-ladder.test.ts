import { expect, it } from 'vitest';
import { climb } from './size-ladder.ts';

const upTo = (limit: number) => async (bytes: number) => ({
  passes: bytes <= limit,
  ms: 2,
  status: bytes <= limit ? 200 : 413,
});

it('reaches the top where all passes', async () => {
  expect(await climb(1, upTo(Infinity))).toEqual({
    passedBytes: 122_880,
    refusedBytes: null,
    status: null,
    isCutShort: false,
    bytesPerSecond: null,
  });
});

it.each([700, 1024, 10_000, 65_536, 100_000])('finds a limit of %i bytes', async (limit) => {
  const { passedBytes, refusedBytes, status } = await climb(1, upTo(limit));
  expect(status).toBe(413);
  expect(passedBytes).toBeLessThanOrEqual(limit);
  expect(refusedBytes).toBeGreaterThan(limit);
  expect(refusedBytes! - passedBytes).toBeLessThanOrEqual(Math.max(64, limit / 16));
});

it('goes no further on a narrow way, and says how narrow it is', async () => {
  const facts = await climb(100, async (bytes) => ({ passes: true, ms: 100 + bytes / 8, status: 200 }));
  expect(facts).toMatchObject({ passedBytes: 16_384, isCutShort: true, bytesPerSecond: 8000 });
});

it('does not take a stall for a narrow way', async () => {
  const facts = await climb(100, async (bytes) => ({
    passes: true,
    ms: bytes === 16_384 ? 1000 : 110,
    status: 200,
  }));
  expect(facts.bytesPerSecond).toBeNull();
});
