import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percentile, summarize } from './latency-statistics.ts';

describe('summarize', () => {
  it('says nothing about nothing', () => {
    expect(summarize([])).toBeNull();
  });

  it('reads a single round trip as all of its figures, with no jitter', () => {
    expect(summarize([7])).toEqual({ count: 1, min: 7, p50: 7, p95: 7, p99: 7, max: 7, mean: 7, jitter: 0 });
  });

  it('takes percentiles by nearest rank, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(summarize(hundred)).toMatchObject({ min: 1, p50: 50, p95: 95, p99: 99, max: 100, mean: 50.5 });
  });

  it('takes jitter from neighbours in time, not in size', () => {
    expect(summarize([10, 30, 10, 30])?.jitter).toBe(20);
    expect(summarize([10, 10, 30, 30])?.jitter).toBeCloseTo(20 / 3);
  });

  it('keeps its figures in order for any input', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (times) => {
        const summary = summarize(times);
        if (summary === null) return false;
        const { min, p50, p95, p99, max } = summary;
        return min <= p50 && p50 <= p95 && p95 <= p99 && p99 <= max && times.includes(p95);
      }),
    );
  });
});

describe('percentile', () => {
  it('stays within the values at both ends', () => {
    expect(percentile([1, 2, 3], 0)).toBe(1);
    expect(percentile([1, 2, 3], 1)).toBe(3);
  });
});
