import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

it('waits for so many of the slower round trips, but never for minutes', () => {
  const pace = new Pace();
  for (const ms of [100, 100, 100, 2000, 2000]) pace.add(ms);
  expect(pace.patience(1000, 3)).toBe(7000);
  expect(pace.patience(1000, 300)).toBe(30_000);
});

it('knows the way itself from what stalls on it', () => {
  const pace = new Pace();
  for (const ms of [180, 170, 200, 190, 1100, 1090]) pace.add(ms);
  expect([pace.shortestMs, pace.plainMs, pace.roundTripMs]).toEqual([170, 180, 190]);
});
