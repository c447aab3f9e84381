import { describe, expect, it } from 'vitest';
import { Backoff, HEALTHY_MS } from './backoff.ts';
import { ManualClock } from './test/manual-clock.ts';

const ALMOST_ONE = 1 - 2 ** -53;
const HOUR = 3_600_000;

/** Whose connection was lost so long ago. */
function setUp(random: number, awayMs = HOUR): { clock: ManualClock; backoff: Backoff } {
  const clock = new ManualClock();
  const backoff = new Backoff(() => random, clock);
  clock.advance(awayMs);
  return { clock, backoff };
}

describe('Backoff', () => {
  it('doubles the bound from half a second up to twenty', () => {
    const { backoff } = setUp(ALMOST_ONE);
    const bounds = Array.from({ length: 8 }, () => backoff.next().delayMs + 1);
    expect(bounds).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  });

  it('may not wait at all, from the first try on', () => {
    const { backoff } = setUp(0);
    expect([backoff.next(), backoff.next()]).toEqual([
      { attempt: 1, delayMs: 0 },
      { attempt: 2, delayMs: 0 },
    ]);
  });

  it('stays within its bound after thousands of tries', () => {
    const { backoff } = setUp(ALMOST_ONE);
    for (let i = 0; i < 2000; i++) backoff.next();
    expect(backoff.next()).toEqual({ attempt: 2001, delayMs: 19_999 });
  });

  it('starts over only after a connection that lasted', () => {
    const { backoff } = setUp(ALMOST_ONE);
    backoff.next();
    backoff.lived(HEALTHY_MS - 1);
    expect(backoff.next().attempt).toBe(2);
    backoff.lived(HEALTHY_MS);
    expect(backoff.next()).toEqual({ attempt: 1, delayMs: 499 });
  });

  it('waits at most half a second longer than a good connection has been away', () => {
    const { clock, backoff } = setUp(ALMOST_ONE);
    backoff.lived(HEALTHY_MS);
    for (let i = 0; i < 10; i++) backoff.next();
    expect(backoff.next().delayMs).toBe(499);
    clock.advance(3000);
    expect(backoff.next().delayMs).toBe(3499);
    // A connection that did not last is no reason to come back more often.
    backoff.lived(HEALTHY_MS - 1);
    expect(backoff.next().delayMs).toBe(3499);
  });

  it('brings a client back in less than seven seconds after a cut of three', () => {
    const { clock, backoff } = setUp(ALMOST_ONE);
    backoff.lived(HEALTHY_MS);
    let awayMs = 0;
    while (awayMs < 3000) {
      const { delayMs } = backoff.next();
      clock.advance(delayMs);
      awayMs += delayMs;
    }
    expect(awayMs).toBeLessThan(7000);
  });

  it('does not mind a clock that was set back', () => {
    const { clock, backoff } = setUp(ALMOST_ONE);
    clock.set(-2 * HOUR);
    expect(backoff.next().delayMs).toBe(499);
  });
});
