import { describe, expect, it } from 'vitest';
import { Heartbeats } from './heartbeats.ts';

describe('Heartbeats', () => {
  it('share a wheel where wishes are nearly the same', () => {
    const heartbeats = new Heartbeats(25_000);
    expect(heartbeats.wheel(5000)).toBe(heartbeats.wheel(5999));
    expect(heartbeats.wheel(5000)).not.toBe(heartbeats.wheel(4999));
    expect(heartbeats.wheel(undefined)).not.toBe(heartbeats.wheel(25_000));
    const wheels = new Set(Array.from({ length: 119_901 }, (_, index) => heartbeats.wheel(100 + index)));
    expect(wheels.size).toBe(32);
  });

  it('give a slow line ten seconds to answer, however often they beat', () => {
    const heartbeats = new Heartbeats(25_000);
    expect(heartbeats.wheel(undefined).patience).toBe(1);
    expect([100, 1000, 4000, 25_000].map((ms) => heartbeats.wheel(ms).patience)).toEqual([100, 10, 3, 1]);
    expect(new Heartbeats(0).wheel(100).patience).toBe(100);
    expect(new Heartbeats(200).wheel(100).patience).toBe(2);
  });
});
