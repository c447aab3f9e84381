import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DurableEngine } from '../engines/durable/durable-engine.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Counters } from '../telemetry/counters.ts';
import { endOfTick, join, PLAIN, type HubMember } from '../test/support/hub-member.ts';
import { LateEngine } from '../test/support/late-engine.ts';
import type { Engine } from './engine.ts';
import { Hub, type HubOptions } from './hub.ts';

async function setUp<E extends Engine>(
  engine: E,
  options: HubOptions = {},
): Promise<{ hub: Hub; engine: E }> {
  const hub = new Hub(engine, new Counters(), DEFAULT_LIMITS, options);
  await hub.start();
  return { hub, engine };
}

/** Says something under a member's id; whether it is accepted is no matter. */
function say(hub: Hub, by: HubMember, data: string): void {
  const accepted = hub.publish('s', 'r', { kind: 'message', data, sender: { id: by.id, name: by.name } });
  if (accepted instanceof Promise) accepted.catch(() => undefined);
}

async function news(member: HubMember): Promise<string[]> {
  await endOfTick();
  return member.news();
}

describe('a member that leaves before what it said is accepted', () => {
  it('is there for the others until they have heard it', async () => {
    const { hub, engine } = await setUp(new LateEngine());
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob');
    expect(await news(ann)).toEqual(['bob came', '+bob']);
    say(hub, bob, 'one');
    say(hub, bob, 'two');
    hub.leave('s', 'r', bob);
    expect(await news(ann)).toEqual([]);
    expect(hub.room('s', 'r')?.size).toBe(2);
    engine.settle();
    expect(await news(ann)).toEqual(['one', 'two', 'bob went', '-bob:left']);
    expect(hub.room('s', 'r')?.size).toBe(1);
  });

  it('hears nothing any more but itself', async () => {
    const { hub, engine } = await setUp(new LateEngine());
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob');
    const cat = join(hub, 'r', 'cat');
    say(hub, ann, 'from ann');
    say(hub, bob, 'from bob');
    await endOfTick();
    for (const each of [ann, bob, cat]) each.news();
    hub.leave('s', 'r', bob);
    join(hub, 'r', 'dan');
    hub.notify('s', 'r', 'notice', 'bob');
    engine.settle();
    expect(await news(bob)).toEqual(['from bob']);
    expect(await news(cat)).toEqual(['dan came', '+dan', 'from ann', 'from bob', 'bob went', '-bob:left']);
  });

  it('leaves also when that is refused', async () => {
    const { hub, engine } = await setUp(new LateEngine());
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob');
    say(hub, bob, 'one');
    hub.leave('s', 'r', bob);
    await news(ann);
    engine.refuse();
    expect(await news(ann)).toEqual(['bob went', '-bob:left']);
  });

  it('has its last changes made before it goes', async () => {
    const { hub, engine } = await setUp(new LateEngine());
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob');
    await news(ann);
    void hub.change('s', 'r', { by: 'bob', roomChanges: [{ key: 'k', value: 1 }] });
    hub.leave('s', 'r', bob);
    engine.settle();
    expect(await news(ann)).toEqual(['k=1', 'bob went', '-bob:left']);
  });

  it('may come again meanwhile, and stays then', async () => {
    const { hub, engine } = await setUp(new LateEngine());
    const ann = join(hub, 'r', 'ann');
    const bob = join(hub, 'r', 'bob');
    await news(ann);
    say(hub, bob, 'one');
    hub.leave('s', 'r', bob);
    const back = join(hub, 'r', 'bob');
    engine.settle();
    expect(await news(ann)).toEqual(['bob went', 'bob came', '+bob', 'one']);
    expect([...(hub.room('s', 'r')?.members() ?? [])]).toEqual([ann, back]);
  });

  it('is told of once to those who watch the room', async () => {
    const { hub, engine } = await setUp(new LateEngine());
    const seen: string[] = [];
    hub.watch('s', 'r', {
      joined: ({ id }) => seen.push(`+${id}`),
      left: ({ id }) => seen.push(`-${id}`),
      published: ({ data }) => seen.push(String(data)),
    });
    const bob = join(hub, 'r', 'bob');
    say(hub, bob, 'one');
    hub.leave('s', 'r', bob);
    hub.leave('s', 'r', bob);
    engine.settle();
    await endOfTick();
    expect(seen).toEqual(['+bob', 'one', '-bob']);
    expect([hub.roomCount, [...engine.subscribed]]).toEqual([0, []]);
  });

  it('keeps nobody waiting when the room closes', async () => {
    const { hub, engine } = await setUp(new LateEngine());
    const left: string[] = [];
    hub.watch('s', 'r', {
      joined: () => undefined,
      left: ({ id }) => left.push(id),
      published: () => undefined,
    });
    const bob = join(hub, 'r', 'bob');
    const cat = join(hub, 'r', 'cat');
    say(hub, bob, 'one');
    say(hub, cat, 'two');
    hub.leave('s', 'r', bob);
    expect(hub.closeRoom('s', 'r')).toBe(2);
    expect([hub.roomCount, [...engine.subscribed]]).toEqual([0, []]);
    const dan = join(hub, 'r', 'dan');
    engine.settle();
    await endOfTick();
    expect(left).toEqual(['bob', 'cat']);
    expect([...(hub.room('s', 'r')?.members() ?? [])]).toEqual([dan]);
  });
});

describe('what was said before a room was closed', () => {
  it('is not for the room that comes after', async () => {
    const folder = await mkdtemp(path(tmpdir(), 'roomplex-hub-'));
    const { hub, engine } = await setUp(new DurableEngine({ folder, limits: DEFAULT_LIMITS }));
    try {
      const bob = join(hub, 'r', 'bob', { format: PLAIN });
      say(hub, bob, 'old');
      const change = hub.change('s', 'r', { by: 'bob', roomChanges: [{ key: 'k', value: 'old' }] });
      hub.closeRoom('s', 'r');
      const ann = join(hub, 'r', 'ann');
      await change;
      await hub.publish('s', 'r', { kind: 'message', data: 'new', sender: { id: null, name: undefined } });
      expect(await news(ann)).toEqual(['new']);
      expect(hub.stored('s', 'r')?.position.offset).toBe(1);
      expect([...(hub.stored('s', 'r')?.state.values ?? [])]).toEqual([]);
    } finally {
      await engine.stop();
      await rm(folder, { recursive: true });
    }
  });
});
