import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import { randomFrom } from '../test/random.ts';
import { Tabs, type Tab } from '../test/tabs.ts';
import { SharedSlots } from './shared-slots.ts';
import { SLOT_COUNT, type Slot } from './slots.ts';

function setUp(seed = 1): { tabs: Tabs; clock: ManualClock } {
  const clock = new ManualClock();
  return { tabs: new Tabs(clock, randomFrom(seed)), clock };
}

/** Asks in a tab, and writes down what it is told. */
function ask(tab: Tab, isForStream = true): Slot & { readonly told: unknown[] } {
  const told: unknown[] = [];
  const slot = tab.slots.ask(
    isForStream,
    () => told.push(slot.isHeld),
    () => told.push('gone'),
  );
  return Object.assign(slot, { told });
}

function held(slots: readonly Slot[]): number {
  return slots.filter(({ isHeld }) => isHeld).length;
}

describe('slots', () => {
  it('are there for the first few, and it takes a moment', () => {
    const { tabs, clock } = setUp();
    const slots = Array.from({ length: SLOT_COUNT }, () => {
      const slot = ask(tabs.open());
      expect(slot.isHeld).toBeUndefined();
      clock.advance(100);
      return slot;
    });
    expect(slots.map(({ told }) => told)).toEqual([[true], [true], [true]]);
    const late = ask(tabs.open());
    expect([late.isHeld, late.told]).toEqual([false, []]);
  });

  it.each([1, 2, 3, 4, 5])('go to no more than there are when all tabs ask at once (seed %i)', (seed) => {
    const { tabs, clock } = setUp(seed);
    const open = Array.from({ length: 12 }, () => tabs.open());
    const slots = open.map((tab) => ask(tab));
    clock.advance(1000);
    expect(held(slots)).toBe(SLOT_COUNT);
    clock.advance(60_000);
    expect(held(slots)).toBe(SLOT_COUNT);
  });

  it('move on when one is given back, its page goes away, or its page dies', () => {
    const { tabs, clock } = setUp();
    const open = Array.from({ length: 6 }, () => tabs.open());
    const slots = open.map((tab) => {
      const slot = ask(tab);
      clock.advance(100);
      return slot;
    });
    slots[0]?.release();
    clock.advance(500);
    expect(held(slots.slice(3))).toBe(1);
    open[1]?.slots.leave();
    open[1]?.crash();
    clock.advance(500);
    expect([slots[1]?.isHeld, held(slots.slice(3))]).toEqual([false, 2]);
    open[2]?.crash();
    clock.advance(12_000);
    expect(held(slots.slice(3))).toBe(3);
  });

  it('go from pages that nobody looks at to those that are looked at, and to no others', () => {
    const { tabs, clock } = setUp();
    const open = Array.from({ length: SLOT_COUNT }, () => tabs.open());
    const slots = open.map((tab) => ask(tab));
    clock.advance(500);
    open[0]?.attend(false);
    const hidden = ask(tabs.open(false));
    clock.advance(60_000);
    expect([held(slots), hidden.isHeld]).toEqual([SLOT_COUNT, false]);
    const seen = ask(tabs.open());
    clock.advance(500);
    expect([slots[0]?.isHeld, seen.isHeld, hidden.isHeld]).toEqual([false, true, false]);
    open[0]?.attend(true);
    clock.advance(60_000);
    expect(slots[0]?.isHeld).toBe(false);
    open[1]?.attend(false);
    clock.advance(500);
    expect([slots[0]?.isHeld, slots[1]?.isHeld]).toEqual([true, false]);
  });

  it('go to a free page that is looked at before one that is not, but to that one as well', () => {
    const { tabs, clock } = setUp();
    const open = Array.from({ length: SLOT_COUNT }, () => tabs.open());
    const slots = open.map((tab) => ask(tab));
    clock.advance(500);
    const hidden = ask(tabs.open(false));
    const seen = ask(tabs.open());
    slots[0]?.release();
    clock.advance(1000);
    expect([seen.isHeld, hidden.isHeld]).toEqual([true, false]);
    slots[1]?.release();
    clock.advance(1000);
    expect(hidden.isHeld).toBe(true);
  });

  it('go from a poll to a stream of the same page where none is free, and back', () => {
    const { tabs, clock } = setUp();
    const others = Array.from({ length: SLOT_COUNT - 1 }, () => ask(tabs.open()));
    const page = tabs.open();
    const poll = ask(page, false);
    clock.advance(500);
    const waiting = ask(tabs.open());
    const stream = ask(page);
    expect([poll.isHeld, stream.isHeld]).toEqual([false, true]);
    const second = ask(page);
    expect([stream.isHeld, second.isHeld]).toEqual([true, false]);
    second.release();
    stream.release();
    clock.advance(500);
    expect([poll.isHeld, waiting.isHeld, held(others)]).toEqual([true, false, SLOT_COUNT - 1]);
  });

  it('are found again where the store was emptied', () => {
    const { tabs, clock } = setUp();
    const [one, two] = [tabs.open(), tabs.open()];
    const slot = ask(one);
    clock.advance(500);
    for (let number = 1; number <= SLOT_COUNT; number++) {
      two.removeItem(`roomplex:held:http://server:${number}`);
    }
    clock.advance(500);
    expect(slot.told).toEqual([true, false, true]);
  });

  it('go to whoever is looked at where nothing can be stored', () => {
    const clock = new ManualClock();
    let isAttended = true;
    const slots = new SharedSlots(null, { clock, random: () => 0, isAttended: () => isAttended });
    const slot = slots.ask(
      true,
      () => undefined,
      () => undefined,
    );
    expect(slot.isHeld).toBe(true);
    isAttended = false;
    slots.look();
    clock.advance(1000);
    expect(slot.isHeld).toBe(false);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('are never too many for long, and never idle (seed %i)', (seed) => {
    const { tabs, clock } = setUp(seed);
    const random = randomFrom(seed + 100);
    const living = new Map<Tab, Slot[]>();
    const pick = (): [Tab, Slot[]] | undefined => [...living][Math.floor(random() * living.size)];
    for (let step = 0; step < 200; step++) {
      const [tab, slots] = pick() ?? [];
      const what = random();
      if (tab === undefined || slots === undefined || what < 0.3) {
        const fresh = tabs.open(random() < 0.5);
        living.set(fresh, [ask(fresh, random() < 0.7)]);
      } else if (what < 0.45) {
        slots.shift()?.release();
      } else if (what < 0.6) {
        slots.push(ask(tab, random() < 0.5));
      } else if (what < 0.8) {
        tab.attend(random() < 0.5);
      } else {
        if (what < 0.9) tab.slots.leave();
        tab.crash();
        living.delete(tab);
      }
      clock.advance(Math.floor(random() * 60));
    }
    clock.advance(30_000);
    const slots = [...living.values()].flat();
    expect(held(slots)).toBe(Math.min(SLOT_COUNT, slots.length));
    const [seen, hidden] = [true, false].map((isAttended) =>
      [...living].filter(([tab]) => tab.slots.isAttended() === isAttended).flatMap(([, own]) => own),
    );
    // Nobody who is looked at waits while somebody who is not has one.
    expect(seen?.every(({ isHeld }) => isHeld) === true || held(hidden ?? []) === 0).toBe(true);
  });
});
