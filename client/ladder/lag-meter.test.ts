import { describe, expect, it } from 'vitest';
import { LagMeter } from './lag-meter.ts';

function measured(...lags: number[]): LagMeter {
  const meter = new LagMeter();
  for (const lagMs of lags) meter.add(lagMs);
  return meter;
}

describe('a lag', () => {
  it('is not known from one measurement or two', () => {
    expect([measured().lagMs, measured(200, 200).lagMs, measured(200, 200, 201).lagMs]).toEqual([
      null,
      null,
      200,
    ]);
  });

  it('is none where a shaky line is in time now and then', () => {
    expect(measured(300, 0, 300).lagMs).toBe(0);
    expect(measured(300, 0, 90, 300, 0, 120, 60).lagMs).toBe(0);
  });

  it('is one where a late line seemed to be in time once', () => {
    expect(measured(200, 0, 205, 210, 200, 199).lagMs).toBe(199);
  });

  it('calls for more measurements while they differ, up to seven', () => {
    expect([measured(0, 0, 0), measured(200, 200, 200)].map(({ isUnsure }) => isUnsure)).toEqual([
      false,
      false,
    ]);
    expect(measured(0, 200).isUnsure).toBe(true);
    expect(measured(0, 200, 0, 200, 0, 200).isUnsure).toBe(true);
    expect(measured(0, 200, 0, 200, 0, 200, 0).isUnsure).toBe(false);
  });

  it('is that of the latest', () => {
    expect(measured(0, 0, 0, 0, 0, 0, 0, 200, 200, 200, 200, 200, 200).lagMs).toBe(200);
  });
});
