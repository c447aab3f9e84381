import { describe, expect, it } from 'vitest';
import { SilenceWatch } from './silence-watch.ts';
import { ManualClock } from './test/manual-clock.ts';

function start(limitMs = 1000): { clock: ManualClock; watch: SilenceWatch; silences: () => number } {
  const clock = new ManualClock();
  let count = 0;
  const watch = new SilenceWatch(clock, limitMs, () => {
    count += 1;
  });
  return { clock, watch, silences: () => count };
}

describe('SilenceWatch', () => {
  it('tells when nothing was heard for the limit', () => {
    const { clock, silences } = start();
    clock.advance(999);
    expect(silences()).toBe(0);
    clock.advance(1);
    expect(silences()).toBe(1);
  });

  it('starts to count again with everything that is heard', () => {
    const { clock, watch, silences } = start();
    for (let i = 0; i < 5; i++) {
      clock.advance(900);
      watch.heard();
    }
    expect(silences()).toBe(0);
    clock.advance(1000);
    expect(silences()).toBe(1);
  });

  it('notices at once after a sleep in which no timer ran', () => {
    const { clock, watch, silences } = start();
    clock.set(3_600_000);
    watch.check();
    expect(silences()).toBe(1);
  });

  it('still tells in time when the clock was set back', () => {
    const { clock, silences } = start();
    clock.advance(500);
    clock.set(-3_600_000);
    clock.advance(500);
    expect(silences()).toBe(0);
    clock.advance(1000);
    expect(silences()).toBe(1);
  });

  it('loses patience earlier when there is another reason to', () => {
    const { clock, watch, silences } = start();
    clock.advance(499);
    watch.doubt(500);
    expect(silences()).toBe(0);
    clock.advance(1);
    watch.doubt(500);
    expect([silences(), clock.alarms]).toEqual([1, 0]);
  });

  it('keeps no timer once it is stopped', () => {
    const { clock, watch } = start();
    watch.stop();
    expect(clock.alarms).toBe(0);
  });

  it('watches nothing with a limit of 0', () => {
    const { clock, watch, silences } = start(0);
    watch.check();
    clock.advance(10 ** 9);
    expect([silences(), clock.alarms]).toEqual([0, 0]);
  });
});
