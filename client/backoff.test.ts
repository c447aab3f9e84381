import { describe, expect, it } from 'vitest';
import { Backoff, HEALTHY_MS } from './backoff.ts';

const ALMOST_ONE = 1 - 2 ** -53;

describe('Backoff', () => {
  it('doubles the bound from half a second up to twenty', () => {
    const backoff = new Backoff(() => ALMOST_ONE);
    const bounds = Array.from({ length: 8 }, () => backoff.next().delayMs + 1);
    expect(bounds).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]);
  });

  it('may not wait at all, from the first try on', () => {
    const backoff = new Backoff(() => 0);
    expect([backoff.next(), backoff.next()]).toEqual([
      { attempt: 1, delayMs: 0 },
      { attempt: 2, delayMs: 0 },
    ]);
  });

  it('stays within its bound after thousands of tries', () => {
    const backoff = new Backoff(() => ALMOST_ONE);
    for (let i = 0; i < 2000; i++) backoff.next();
    expect(backoff.next()).toEqual({ attempt: 2001, delayMs: 19_999 });
  });

  it('starts over only after a connection that lasted', () => {
    const backoff = new Backoff(() => ALMOST_ONE);
    backoff.next();
    backoff.lived(HEALTHY_MS - 1);
    expect(backoff.next().attempt).toBe(2);
    backoff.lived(HEALTHY_MS);
    expect(backoff.next()).toEqual({ attempt: 1, delayMs: 499 });
  });
});
