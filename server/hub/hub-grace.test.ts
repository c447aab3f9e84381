import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEngine } from '../engines/memory/memory-engine.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Counters } from '../telemetry/counters.ts';
import { join } from '../test/support/hub-member.ts';
import { Hub } from './hub.ts';

let hub: Hub;

beforeEach(async () => {
  vi.useFakeTimers();
  const engine = new MemoryEngine({ limits: DEFAULT_LIMITS, roomGraceMs: 60_000 });
  hub = new Hub(engine, new Counters(), DEFAULT_LIMITS, { memberGraceMs: 10_000 });
  await hub.start();
});
afterEach(async () => {
  await hub.stop();
  vi.useRealTimers();
});

const again = { comesBack: true };

function names(): string[] {
  return [...(hub.room('s', 'r')?.visibleMembers() ?? [])].map(({ id }) => id);
}

/** What somebody was told by the end of this tick, or after a while. */
function heard(member: { news(): string[] }, afterMs = 0): string[] {
  vi.advanceTimersByTime(afterMs);
  // What a timer puts off to the end of the tick comes a millisecond later here.
  vi.advanceTimersByTime(1);
  return member.news();
}

describe('a member that may come back', () => {
  it('is missed by nobody when it is back in time', () => {
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob', again);
    expect(heard(ann)).toEqual(['bob came', '+bob']);
    hub.lose('s', 'r', bob, 'closed');
    expect(heard(ann, 9990)).toEqual([]);
    const back = join(hub, 'r', 'bob', again);
    expect(heard(ann, 60_000)).toEqual([]);
    expect(names()).toEqual(['ann', 'bob']);
    void hub.announce('s', 'r', { kind: 'message', data: 'hi', sender: { id: null, name: undefined } });
    expect([bob.got.includes('hi'), back.got.includes('hi')]).toEqual([false, true]);
  });

  it('is gone, and why, when it is not', () => {
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob', again);
    const cat = join(hub, 'r', 'cat', again);
    heard(ann);
    hub.lose('s', 'r', bob, 'closed');
    vi.advanceTimersByTime(1000);
    hub.lose('s', 'r', cat, 'timeout');
    expect(heard(ann, 9000)).toEqual(['bob went', '-bob:closed']);
    expect(heard(ann, 1000)).toEqual(['cat went', '-cat:timeout']);
    expect(names()).toEqual(['ann']);
  });

  it('goes at once when it says so', () => {
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob', again);
    heard(ann);
    hub.leave('s', 'r', bob);
    expect(heard(ann)).toEqual(['bob went', '-bob:left']);
  });

  it('keeps its place in the order', () => {
    const bob = join(hub, 'r', 'bob', again);
    join(hub, 'r', 'ann');
    hub.lose('s', 'r', bob, 'closed');
    join(hub, 'r', 'cat');
    join(hub, 'r', 'bob', again);
    expect(names()).toEqual(['bob', 'ann', 'cat']);
  });

  it('is news again when it comes back with another name', () => {
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob', again);
    heard(ann);
    hub.lose('s', 'r', bob, 'closed');
    join(hub, 'r', 'bob', { ...again, name: 'Robert' });
    expect(heard(ann)).toEqual(['bob went', 'bob came', '+bob']);
    join(hub, 'r', 'bob', { ...again, name: 'Robert', info: { hat: 'red' } });
    expect(heard(ann)).toEqual(['bob went', 'bob came', '+bob']);
    join(hub, 'r', 'bob', { ...again, name: 'Robert', info: { hat: 'red' } });
    expect(heard(ann, 60_000)).toEqual([]);
  });

  it('gives its place up to a newer connection, and the older one can do nothing about it', () => {
    const ann = join(hub, 'r', 'ann');
    const older = join(hub, 'r', 'bob', again);
    heard(ann);
    join(hub, 'r', 'bob', again);
    hub.lose('s', 'r', older, 'closed');
    expect(hub.leave('s', 'r', older)).toBe(false);
    expect(heard(ann, 60_000)).toEqual([]);
    expect(names()).toEqual(['ann', 'bob']);
  });

  it('can be put out while it is away, and may come again', () => {
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob', again);
    heard(ann);
    hub.lose('s', 'r', bob, 'closed');
    expect(hub.eject('s', 'r', 'bob')).toBe(true);
    expect(heard(ann)).toEqual(['bob went', '-bob:ejected']);
    expect(bob.got).not.toContain('out: ejected');
    expect(hub.eject('s', 'r', 'bob')).toBe(false);
    join(hub, 'r', 'bob', again);
    expect(heard(ann, 60_000)).toEqual(['bob came', '+bob']);
  });

  it('keeps its room open while it is away, and is gone with a room that closes', () => {
    const bob = join(hub, 'r', 'bob', again);
    hub.lose('s', 'r', bob, 'closed');
    expect(hub.roomCount).toBe(1);
    expect(hub.closeRoom('s', 'r')).toBe(1);
    expect(hub.roomCount).toBe(0);
    const ann = join(hub, 'r', 'ann');
    expect(heard(ann, 60_000)).toEqual([]);
    expect(names()).toEqual(['ann']);
  });

  it('leaves no room behind when it does not come back', () => {
    const bob = join(hub, 'r', 'bob', again);
    hub.lose('s', 'r', bob, 'closed');
    vi.advanceTimersByTime(10_000);
    expect(hub.roomCount).toBe(0);
  });

  it('is waited for in each of its rooms', () => {
    const ann = join(hub, 'r', 'ann');
    const inR = join(hub, 'r', 'bob', again);
    const inQ = join(hub, 'q', 'bob', again);
    heard(ann);
    hub.lose('s', 'r', inR, 'closed');
    hub.lose('s', 'q', inQ, 'closed');
    join(hub, 'q', 'bob', again);
    expect(heard(ann, 10_000)).toEqual(['bob went', '-bob:closed']);
    expect(hub.room('s', 'q')?.size).toBe(1);
  });
});

describe('a member that may not come back', () => {
  it('leaves when its connection is lost', () => {
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob');
    heard(ann);
    hub.lose('s', 'r', bob, 'timeout');
    expect(heard(ann)).toEqual(['bob went', '-bob:timeout']);
  });
});
