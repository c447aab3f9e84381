import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MemoryEngine } from '../engines/memory/memory-engine.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Counters } from '../telemetry/counters.ts';
import { join } from '../test/support/hub-member.ts';
import { Hub } from './hub.ts';
import type { Format, Member } from './member.ts';

const MANY = 10_000;
const LISTED = DEFAULT_LIMITS.roster;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function setUp() {
  const engine = new MemoryEngine({ limits: DEFAULT_LIMITS, roomGraceMs: 0 });
  const hub = new Hub(engine, new Counters(), DEFAULT_LIMITS);
  await hub.start();
  const counted = { encodings: 0, listed: 0, deliveries: 0 };
  const format: Format<string> = {
    encode: () => {
      counted.encodings++;
      return 'said';
    },
    encodePresence: ({ joins, leaves, roster }) => {
      counted.encodings++;
      counted.listed += joins.length + leaves.length + (roster?.length ?? 0);
      return 'presence';
    },
  };
  const deliver = (): void => {
    counted.deliveries++;
  };
  return {
    hub,
    counted,
    come: (n: number): Member => join(hub, 'r', `m${n}`, { format, deliver }),
    /** What was counted since the last time. */
    count: () => {
      const now = { ...counted };
      Object.assign(counted, { encodings: 0, listed: 0, deliveries: 0 });
      return now;
    },
  };
}

describe('a room of ten thousand', () => {
  it('tells of all who come at once in one go', async () => {
    const { come, count } = await setUp();
    for (let n = 0; n < MANY; n++) come(n);
    vi.advanceTimersByTime(1);
    expect(count()).toEqual({ encodings: 1, listed: 0, deliveries: MANY });
    vi.advanceTimersByTime(60_000);
    expect(count()).toEqual({ encodings: 0, listed: 0, deliveries: 0 });
  });

  it('tells of each who comes as long as all can be listed, and then how many they are', async () => {
    const { come, count } = await setUp();
    for (let n = 0; n < LISTED; n++) {
      come(n);
      vi.advanceTimersByTime(1);
    }
    expect(count()).toEqual({
      encodings: LISTED - 1,
      listed: LISTED - 1,
      deliveries: ((LISTED + 2) * (LISTED - 1)) / 2,
    });
    for (let n = LISTED; n < MANY; n++) {
      come(n);
      vi.advanceTimersByTime(1);
    }
    const seconds = (MANY - LISTED) / 1000;
    const { encodings, listed, deliveries } = count();
    expect(listed).toBe(0);
    expect(encodings).toBeLessThanOrEqual(seconds + 1);
    expect(deliveries).toBeLessThanOrEqual((seconds + 1) * MANY);
  });

  it('encodes what is said once for all', async () => {
    const { hub, come, count } = await setUp();
    for (let n = 0; n < MANY; n++) come(n);
    vi.advanceTimersByTime(1);
    count();
    await hub.publish('s', 'r', {
      kind: 'message',
      data: 'x',
      sender: { id: 'm7', name: 'm7' },
      except: 'm7',
    });
    expect(count()).toEqual({ encodings: 1, listed: 0, deliveries: MANY - 1 });
  });

  it('empties without a word for each, and lists those who are left', async () => {
    const { hub, come, count } = await setUp();
    const members = Array.from({ length: MANY }, (_, n) => come(n));
    vi.advanceTimersByTime(1);
    count();
    for (const member of members.slice(0, MANY - 10)) hub.leave('s', 'r', member, 'closed');
    vi.advanceTimersByTime(1000);
    expect(count()).toEqual({ encodings: 1, listed: 10, deliveries: 10 });
    expect(hub.room('s', 'r')?.roster()).toHaveLength(10);
  });

  it('is small again for who comes after everyone who followed it has gone', async () => {
    const { hub, come } = await setUp();
    const quiet = join(hub, 'r', 'quiet', { format: { encode: () => undefined } });
    const members = Array.from({ length: LISTED + 1 }, (_, n) => come(n));
    vi.advanceTimersByTime(1);
    for (const member of members) hub.leave('s', 'r', member);
    const late = come(0);
    expect(hub.room('s', 'r')?.roster()).toEqual([quiet, late]);
  });
});
