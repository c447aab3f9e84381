import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HeartbeatWheel } from './heartbeat-wheel.ts';

describe('HeartbeatWheel', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('beats each member once a heartbeat, whenever it was added', () => {
    const wheel = new HeartbeatWheel(10_000);
    const beats = [0, 0, 0];
    for (const index of beats.keys()) {
      wheel.add({ beat: () => (beats[index] = (beats[index] ?? 0) + 1) });
      vi.advanceTimersByTime(1234);
    }
    vi.advanceTimersByTime(30_000 - 3 * 1234);
    expect(beats.every((count) => count === 2 || count === 3)).toBe(true);
    vi.advanceTimersByTime(100_000);
    expect(beats.every((count) => count === 12 || count === 13)).toBe(true);
    wheel.stop();
  });

  it('waits a whole heartbeat before the first beat', () => {
    const wheel = new HeartbeatWheel(10_000);
    let beats = 0;
    vi.advanceTimersByTime(7000);
    wheel.add({ beat: () => beats++ });
    vi.advanceTimersByTime(9600);
    expect(beats).toBe(0);
    vi.advanceTimersByTime(500);
    expect(beats).toBe(1);
    wheel.stop();
  });

  it('leaves alone whom it no longer holds', () => {
    const wheel = new HeartbeatWheel(1000);
    let beats = 0;
    const member = { beat: () => beats++ };
    const slot = wheel.add(member);
    wheel.remove(member, slot);
    vi.advanceTimersByTime(5000);
    expect(beats).toBe(0);
    wheel.stop();
  });

  it('never beats with a heartbeat of 0', () => {
    const wheel = new HeartbeatWheel(0);
    let beats = 0;
    wheel.add({ beat: () => beats++ });
    vi.advanceTimersByTime(1_000_000);
    expect(beats).toBe(0);
    wheel.stop();
  });
});
