import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../limits.ts';
import { Counters } from '../telemetry/counters.ts';
import { endOfTick, join } from '../test/support/hub-member.ts';
import { LateEngine } from '../test/support/late-engine.ts';
import type { ChangeRequest, Hooks, StateContext } from './hooks.ts';
import { Hub } from './hub.ts';

type Hook = NonNullable<Hooks['change']>;

async function setUp(change?: Hook) {
  const engine = new LateEngine();
  const hub = new Hub(engine, new Counters(), DEFAULT_LIMITS, change && { hooks: { change } });
  await hub.start();
  return { engine, hub };
}

const set = (key: string, value: unknown, ifRev?: number): ChangeRequest => ({
  roomChanges: [{ key, value, ifRev }],
  echo: true,
});

/** A hook that answers when it is told to, and what it saw of the room each time it was asked. */
function slowHook() {
  const saw: (readonly [key: string, value: unknown])[][] = [];
  const waiting: ((answer: ChangeRequest | undefined) => void)[] = [];
  const hook = (_request: ChangeRequest, { room }: StateContext): Promise<ChangeRequest | undefined> => {
    saw.push([...room.state]);
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    hook,
    saw,
    agree: async (answer?: ChangeRequest): Promise<void> => {
      waiting.shift()?.(answer);
      await endOfTick();
    },
  };
}

describe('changes that are accepted later', () => {
  it('are on their way together where no hook is asked, and tell of conflicts one by one', async () => {
    const { hub, engine } = await setUp();
    const ann = join(hub, 'r', 'ann');
    const wishes = [set('k', 'a', 0), set('k', 'b', 0), set('k', 'c')];
    const answers = wishes.map((wish) => hub.requestChange('s', 'r', 'ann', wish));
    engine.settle();
    expect(await Promise.allSettled(answers)).toMatchObject([
      { value: { rev: 1 } },
      { reason: { code: 'conflict', conflicts: [{ key: 'k', value: 'a', rev: 1 }] } },
      { value: { rev: 2 } },
    ]);
    expect(ann.news()).toEqual(['k=a', 'k=c']);
  });

  it('are asked for one after the other, each of what the one before has left', async () => {
    const { hook, saw, agree } = slowHook();
    const { hub, engine } = await setUp(hook);
    const ann = join(hub, 'r', 'ann');
    const first = hub.requestChange('s', 'r', 'ann', set('k', 'a'));
    const second = hub.requestChange('s', 'r', 'ann', set('k', 'b'));
    await agree();
    expect(saw).toEqual([[]]);
    engine.settle();
    await first;
    await endOfTick();
    expect(saw).toEqual([[], [['k', 'a']]]);
    await agree(set('k', 'B'));
    engine.settle();
    expect(await second).toMatchObject({ rev: 2 });
    expect(ann.news()).toEqual(['k=a', 'k=B']);
  });

  it('do not keep the next waiting when they are refused', async () => {
    const { hub, engine } = await setUp(() => undefined);
    join(hub, 'r', 'ann');
    const first = Promise.resolve(hub.requestChange('s', 'r', 'ann', set('k', 'a')));
    const second = Promise.resolve(hub.requestChange('s', 'r', 'ann', set('k', 'b')));
    engine.refuse();
    await expect(first).rejects.toMatchObject({ code: 'unavailable' });
    await endOfTick();
    engine.settle();
    expect(await second).toMatchObject({ rev: 1 });
  });

  it('hold their conditions also for what the hook puts in their place', async () => {
    const { hook, agree } = slowHook();
    const { hub, engine } = await setUp(hook);
    join(hub, 'r', 'ann');
    const change = Promise.resolve(hub.requestChange('s', 'r', 'ann', set('k', 'a', 5)));
    await agree({ roomChanges: [{ key: 'k', value: 'A' }] });
    engine.settle();
    await expect(change).rejects.toMatchObject({ code: 'conflict', conflicts: [{ key: 'k', rev: 0 }] });
  });

  it('are made in the room that everybody has left, which then ends', async () => {
    const { hook, agree } = slowHook();
    const { hub, engine } = await setUp(hook);
    const ann = join(hub, 'r', 'ann');
    const change = hub.requestChange('s', 'r', 'ann', set('k', 'a'));
    hub.leave('s', 'r', ann);
    expect([hub.roomCount, [...engine.subscribed]]).toEqual([1, ['s/r']]);
    await agree();
    engine.settle();
    expect(await change).toMatchObject({ rev: 1 });
    await endOfTick();
    expect([hub.roomCount, [...engine.subscribed]]).toEqual([0, []]);
    expect([...(hub.stored('s', 'r')?.state.values ?? [])]).toEqual([['k', 'a']]);
  });

  it('are told of to whoever comes before they are made', async () => {
    const { hook, agree } = slowHook();
    const { hub, engine } = await setUp(hook);
    const ann = join(hub, 'r', 'ann');
    const change = hub.requestChange('s', 'r', 'ann', set('k', 'a'));
    hub.leave('s', 'r', ann);
    const bob = join(hub, 'r', 'bob');
    await agree();
    engine.settle();
    await change;
    await endOfTick();
    expect(bob.news()).toEqual(['k=a']);
    expect(hub.room('s', 'r')?.size).toBe(1);
  });

  it('come to nothing when the room was closed meanwhile', async () => {
    const { hook, agree } = slowHook();
    const { hub, engine } = await setUp(hook);
    join(hub, 'r', 'ann');
    const change = hub.requestChange('s', 'r', 'ann', set('k', 'old'));
    hub.closeRoom('s', 'r');
    const bob = join(hub, 'r', 'bob');
    await agree();
    engine.settle();
    expect(await change).toBeUndefined();
    expect(bob.news()).toEqual([]);
    expect(hub.stored('s', 'r')?.state.rev).toBe(0);
  });
});
