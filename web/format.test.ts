import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatDay,
  formatMany,
  formatMs,
  formatRate,
  formatShare,
  formatSpan,
  isSameDay,
} from './format.ts';

describe('format', () => {
  it('writes spans in their two largest units', () => {
    const spans = [-5, 0, 59_999, 60_000, 3_599_000, 3_600_000, 3_900_000, 86_400_000, 180_000_000];
    expect(spans.map(formatSpan)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '1 h 5 min',
      '1 d',
      '2 d 2 h',
    ]);
  });

  it('writes times, rates, shares and sizes with the decimals they deserve', () => {
    expect([0.4219, 4.2, 42, 420.4, 12_345].map(formatMs)).toEqual(['0.4', '4.2', '42.0', '420', '12,345']);
    expect([null, 0, 0.24, 9.96, 41.6, 1_234].map(formatRate)).toEqual([
      '–',
      '0',
      '0.2',
      '10.0',
      '42',
      '1,234',
    ]);
    expect([0, 0.001, 0.5, 1].map(formatShare)).toEqual(['0 %', '0.1 %', '50 %', '100 %']);
    expect([0, 999, 1_000, 84_200_000, 3e12].map(formatBytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '84.2 MB',
      '3.0 TB',
    ]);
    expect([formatMany(1, 'room'), formatMany(1_200, 'room')]).toEqual(['1 room', '1,200 rooms']);
  });

  it('names days from where we stand', () => {
    const now = new Date(2026, 2, 30, 0, 30).getTime();
    expect(formatDay(new Date(2026, 2, 30, 0, 5).getTime(), now)).toBe('Today');
    expect(formatDay(new Date(2026, 2, 29, 23, 59).getTime(), now)).toBe('Yesterday');
    expect(formatDay(new Date(2026, 2, 28, 12).getTime(), now)).toBe('Saturday, March 28');
    expect(isSameDay(now, new Date(2026, 2, 29, 23, 59).getTime())).toBe(false);
  });
});
