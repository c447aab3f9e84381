import { describe, expect, it } from 'vitest';
import { RateMeter } from './rate-meter.ts';

describe('RateMeter', () => {
  it('knows no rate from one reading', () => {
    const meter = new RateMeter();
    meter.read(100, 0);
    expect(meter.rate(1_000)).toBeNull();
  });

  it('divides what was added by the time it took', () => {
    const meter = new RateMeter(5_000);
    meter.read(100, 0);
    meter.read(150, 1_000);
    meter.read(200, 2_000);
    expect(meter.rate(2_000)).toBe(50);
  });

  it('forgets what happened before its window', () => {
    const meter = new RateMeter(5_000);
    meter.read(0, 0);
    meter.read(10_000, 1_000);
    for (let second = 2; second <= 10; second++) meter.read(10_000 + (second - 1) * 10, second * 1_000);
    expect(meter.rate(10_000)).toBe(10);
  });

  it('falls to zero when a silent source has been silent for a window', () => {
    const meter = new RateMeter(5_000);
    meter.read(0, 0);
    meter.read(100, 1_000);
    expect(meter.rate(4_000)).toBe(25);
    expect(meter.rate(6_001)).toBe(0);
  });

  it('begins anew when the total shrinks', () => {
    const meter = new RateMeter();
    meter.read(1_000, 0);
    meter.read(2_000, 1_000);
    meter.read(5, 2_000);
    expect(meter.rate(2_000)).toBeNull();
    meter.read(15, 3_000);
    expect(meter.rate(3_000)).toBe(10);
  });
});
