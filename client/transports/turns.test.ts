import { describe, expect, it } from 'vitest';
import { HandSlots } from '../test/hand-slots.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { Turns } from './turns.ts';

function setUp(isHeld: boolean | undefined = false): {
  slots: HandSlots;
  clock: ManualClock;
  turns: Turns;
  lost: string[];
  /** How long the pause lasts that follows a poll. */
  pauseMs: (broughtNothing: boolean, tookMs?: number) => Promise<number>;
} {
  const slots = new HandSlots(isHeld);
  const clock = new ManualClock();
  const lost: string[] = [];
  const turns = new Turns(slots, true, clock, { lost: () => lost.push('lost') });
  const pauseMs = async (broughtNothing: boolean, tookMs = 0): Promise<number> => {
    turns.wishes();
    const since = clock.now();
    let isOver = false;
    const pause = turns.pause(broughtNothing, tookMs).then(() => (isOver = true));
    for (;;) {
      await Promise.resolve();
      await Promise.resolve();
      if (isOver) break;
      clock.advance(1);
    }
    await pause;
    return clock.now() - since;
  };
  return { slots, clock, turns, lost, pauseMs };
}

describe('turns', () => {
  it('grow longer while there is nothing to say, and are short again when there is', async () => {
    const { pauseMs } = setUp();
    const quiet: number[] = [];
    for (let poll = 0; poll < 8; poll++) quiet.push(await pauseMs(true));
    expect(quiet).toEqual(quiet.toSorted((a, b) => a - b));
    expect([quiet[0], quiet[7]]).toEqual([375, 3000]);
    expect([await pauseMs(false), await pauseMs(true)]).toEqual([250, 375]);
  });

  it('are rare where polls take long, but no session is left alone for it', async () => {
    const { pauseMs } = setUp();
    expect([await pauseMs(false, 500), await pauseMs(false, 60_000)]).toEqual([2000, 8000]);
  });

  it('come at once after something was sent, and wait for the answer', async () => {
    const { turns, clock } = setUp();
    const pause = turns.pause(true, 0);
    turns.hurry();
    await pause;
    expect(turns.wishes()).toBe('wait=300&away=20000');
    expect(turns.wishes()).toBe('wait=0&away=20000');
    // While a poll is under way.
    turns.hurry();
    await turns.pause(true, 0);
    expect(clock.alarms).toBe(0);
  });

  it('leave more time to pages whose timers are held up', () => {
    const { slots, turns } = setUp();
    slots.isLookedAt = false;
    expect(turns.wishes()).toBe('wait=0&away=90000');
  });

  it('end with a slot, and begin without', async () => {
    const { slots, turns, lost } = setUp();
    const pause = turns.pause(true, 0);
    slots.turn(true);
    await pause;
    expect([turns.isHeld, turns.wishes(), lost]).toEqual([true, '', []]);
    slots.turn(false);
    expect([turns.isHeld, turns.wishes(), lost]).toEqual([false, 'wait=300&away=20000', ['lost']]);
  });

  it('are settled when it is known whether there is a slot', async () => {
    const { slots, turns } = setUp(undefined);
    const settled = turns.settled();
    slots.turn(true);
    await settled;
    expect(turns.isHeld).toBe(true);
    turns.end();
    expect(slots.wasReleased).toBe(true);
  });
});
