import { describe, expect, it } from 'vitest';
import { Pulse } from './pulse.ts';
import { ManualClock } from './test/manual-clock.ts';

const TIMES = { beatMs: 4000, patienceMs: 4000, silenceMs: 10_000 };

function start(
  beat: 'sent' | 'answered' | 'never' = 'answered',
  times = TIMES,
): { clock: ManualClock; told: string[]; pulse: Pulse } {
  const clock = new ManualClock();
  const told: string[] = [];
  const pulse = new Pulse(clock, times, beat, {
    beat: () => told.push('beat'),
    dead: (reason) => told.push(reason),
  });
  return { clock, told, pulse };
}

describe('a pulse', () => {
  it('asks a silent line, and takes it for dead when nothing follows', () => {
    const { clock, told } = start();
    clock.advance(3999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual(['beat']);
    clock.advance(3999);
    expect(told).toEqual(['beat']);
    clock.advance(1);
    expect([told, clock.alarms]).toEqual([['beat', 'the line went silent'], 0]);
  });

  it('is patient while much is on its way', () => {
    const { clock, told, pulse } = start();
    pulse.sends(120_000);
    clock.advance(4000 + 33_999);
    expect(told).toEqual(['beat']);
    clock.advance(1);
    expect(told).toEqual(['beat', 'the line went silent']);
  });

  it('asks nothing while it hears something', () => {
    const { clock, told, pulse } = start();
    for (let i = 0; i < 10; i++) {
      clock.advance(3000);
      pulse.heard();
    }
    expect(told).toEqual([]);
  });

  it('asks again and again while it is answered', () => {
    const { clock, told, pulse } = start();
    for (let i = 0; i < 5; i++) {
      clock.advance(4000);
      pulse.answered();
    }
    expect(told).toEqual(Array.from({ length: 5 }, () => 'beat'));
  });

  it('counts on the beat that went out when the line opened', () => {
    const { clock, told } = start('sent');
    clock.advance(4000);
    expect(told).toEqual(['the line went silent']);
  });

  it('notices that what is sent does not arrive, although things come', () => {
    const { clock, told, pulse } = start();
    for (let s = 0; s < 4; s++) clock.advance(1000);
    while (told.length === 1 && clock.alarms > 0) {
      clock.advance(1000);
      pulse.heard();
    }
    expect(told).toEqual(['beat', 'nothing that is sent arrives']);
  });

  it('asks first after a sleep in which no timer ran', () => {
    const { clock, told, pulse } = start();
    clock.set(3_600_000);
    clock.advance(4000);
    expect(told).toEqual(['beat']);
    clock.advance(3000);
    pulse.answered();
    clock.advance(3000);
    expect(told).toEqual(['beat']);
  });

  it('asks at once when it is woken', () => {
    const { clock, told, pulse } = start();
    clock.advance(1000);
    pulse.wake();
    expect(told).toEqual(['beat']);
    clock.advance(4000);
    expect(told).toEqual(['beat', 'the line went silent']);
  });

  it('does not mind a clock that was set back', () => {
    const { clock, told } = start();
    clock.set(-3_600_000);
    clock.advance(8000);
    expect(told[0]).toBe('beat');
    clock.advance(4000);
    expect(told).toEqual(['beat', 'the line went silent']);
  });

  it('leaves a server in peace that talks and does not know beats', () => {
    const { clock, told, pulse } = start('sent');
    for (let s = 0; s < 60; s++) {
      clock.advance(2000);
      pulse.heard();
    }
    expect(told).toEqual([]);
    clock.advance(10_000);
    expect(told).toEqual(['the line went silent']);
  });

  it('trusts signs of life that come by themselves where it cannot ask', () => {
    const { clock, told, pulse } = start('never');
    clock.advance(9000);
    pulse.heard();
    pulse.wake();
    clock.advance(9999);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual(['the line went silent']);
  });

  it('watches nothing where any silence is fine', () => {
    const { clock, told } = start('never', { ...TIMES, silenceMs: Infinity });
    clock.advance(3_600_000);
    expect([told, clock.alarms]).toEqual([[], 0]);
  });

  it('loses patience earlier when there is another reason to', () => {
    const { clock, told, pulse } = start();
    clock.advance(3000);
    pulse.doubt(3001);
    expect(told).toEqual([]);
    pulse.doubt(3000);
    expect([told, clock.alarms]).toEqual([['the line went silent'], 0]);
  });

  it('keeps no timer once it is stopped', () => {
    const { clock, pulse } = start();
    pulse.stop();
    expect(clock.alarms).toBe(0);
  });
});
