import { mkdtemp, rm, truncate } from 'node:fs/promises';
import { statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RoomAddress } from '../../hub/engine.ts';
import { DEFAULT_LIMITS, type Limits } from '../../limits.ts';
import { DurableEngine, type DurableEngineOptions } from './durable-engine.ts';
import { numberKey, roomKey } from './keys.ts';
import { decodeRecord, type RoomRecord } from './records.ts';
import { Store } from './store.ts';
import { WriteSet } from './write-set.ts';

const ROOM: RoomAddress = { space: 'rooms', name: 'r' };
const DAY = 24 * 3_600_000;

let folder: string;
let engine: DurableEngine;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  folder = await mkdtemp(join(tmpdir(), 'roomplex-upkeep-'));
});
afterEach(async () => {
  await engine.stop();
  await rm(folder, { recursive: true });
  vi.useRealTimers();
});

async function start(
  limits: Partial<Limits> = {},
  options: Partial<DurableEngineOptions> = {},
): Promise<void> {
  await engine?.stop();
  engine = new DurableEngine({ folder, limits: { ...DEFAULT_LIMITS, ...limits }, ...options });
  await engine.start({ published: () => undefined, changed: () => undefined });
}

async function publish(count: number, { data = 'x', id, room = ROOM }: Said = {}): Promise<void> {
  const sender = { id: null, name: undefined };
  await Promise.all(
    Array.from({ length: count }, () => engine.publish(room, { kind: 'message', data, sender, id })),
  );
}

interface Said {
  readonly data?: unknown;
  readonly id?: string;
  readonly room?: RoomAddress;
}

/** Stops the engine, and counts what is left in the store. */
async function left(): Promise<
  Record<'publications' | 'cells' | 'publishIds' | 'remains' | 'rooms', number>
> {
  await engine.stop();
  const store = await Store.open(folder);
  const range = { start: numberKey(0), end: Buffer.alloc(1, 0xff), limit: 100_000 };
  const count = (tree: 'publications' | 'cells' | 'publishIds' | 'remains' | 'rooms'): number =>
    store[tree].keys(range).length;
  const counts = {
    publications: count('publications'),
    cells: count('cells'),
    publishIds: count('publishIds'),
    remains: count('remains'),
    rooms: count('rooms'),
  };
  await store.close();
  return counts;
}

describe('what is kept no longer', () => {
  it('is history beyond the limits of count and age', async () => {
    await start({ history: 100, historySeconds: 3600 });
    await publish(1300);
    await engine.sweep();
    expect(engine.find(ROOM)?.first).toBe(1201);
    expect((await left()).publications).toBe(100);
    await start({ history: 100, historySeconds: 3600 });
    vi.advanceTimersByTime(3_500_000);
    await publish(1);
    vi.advanceTimersByTime(200_000);
    await engine.sweep();
    expect(engine.find(ROOM)?.first).toBe(1301);
    expect(await left()).toMatchObject({ publications: 1, rooms: 1 });
    await start();
    expect(engine.find(ROOM)?.position.offset).toBe(1301);
  });

  it('is history of rooms that somebody is in, and goes on counting', async () => {
    await start({ history: 10 });
    const room = engine.subscribe(ROOM);
    await publish(700);
    await Promise.all([engine.sweep(), publish(700)]);
    await engine.sweep();
    expect([room.first, room.position.offset]).toEqual([1391, 1400]);
    expect(engine.history(ROOM, { after: 0, limit: 100 }).map(({ offset }) => offset)[0]).toBe(1391);
    expect((await left()).publications).toBe(10);
  });

  it('goes by itself', async () => {
    await start({ history: 10 });
    await publish(200);
    expect(engine.find(ROOM)?.record.first).toBe(1);
    await vi.waitFor(() => expect(engine.find(ROOM)?.record.first).toBe(191), { timeout: 10_000 });
    expect((await left()).publications).toBe(10);
  });

  it('are publish ids of more than five minutes ago', async () => {
    await start();
    await publish(1, { id: 'a' });
    vi.advanceTimersByTime(299_000);
    await publish(1, { id: 'a' });
    expect(engine.find(ROOM)?.position.offset).toBe(1);
    vi.advanceTimersByTime(2000);
    await publish(1, { id: 'a' });
    expect(engine.find(ROOM)?.position.offset).toBe(2);
    vi.advanceTimersByTime(600_000);
    await engine.sweep();
    expect((await left()).publishIds).toBe(0);
  });

  it('is everything of a room that was forgotten', async () => {
    await start();
    await publish(1200, { room: { space: 'rooms', name: 'stays' } });
    await publish(1200);
    await engine.change(ROOM, { roomChanges: [{ key: 'k', value: 1 }], by: null });
    engine.forget(ROOM);
    await engine.sweep();
    expect(await left()).toMatchObject({ publications: 1200, cells: 0, remains: 0, rooms: 1 });
  });

  it('is a room that nobody has used for 30 days', async () => {
    await start();
    const [member, silent] = ['member', 'silent'].map((name) => ({ space: 'rooms', name })) as [
      RoomAddress,
      RoomAddress,
    ];
    for (const room of [ROOM, member, silent]) await publish(1, { room });
    const { epoch } = engine.subscribe(member).position;
    vi.advanceTimersByTime(29 * DAY);
    await publish(1);
    await engine.sweep();
    expect([...engine.names('rooms')].sort()).toEqual(['member', 'r', 'silent']);
    vi.advanceTimersByTime(2 * DAY);
    await engine.sweep();
    expect([...engine.names('rooms')].sort()).toEqual(['member', 'r']);
    expect(engine.subscribe(silent).position.offset).toBe(0);
    expect(engine.subscribe(silent).position.epoch).not.toBe(epoch);
    engine.unsubscribe(member);
    vi.advanceTimersByTime(29 * DAY);
    await start();
    await engine.sweep();
    expect([...engine.names('rooms')].sort()).toEqual(['member']);
    expect(engine.subscribe(member).position.epoch).toBe(epoch);
  });

  it('is never a room when rooms are kept for ever', async () => {
    await start({}, { roomGraceMs: Infinity });
    await publish(1);
    vi.advanceTimersByTime(1000 * DAY);
    await engine.sweep();
    expect(engine.find(ROOM)?.position.offset).toBe(1);
  });
});

describe('a store with a limit', () => {
  it('refuses what does not fit, until something was taken away', async () => {
    await start({ storeBytes: 3_000_000 });
    const fill = async (): Promise<never> => {
      for (;;) await publish(50, { data: 'x'.repeat(3000) });
    };
    const reason = 'the store has reached its limit of 3000000 bytes (storeBytes)';
    await expect(fill()).rejects.toMatchObject({ code: 'unavailable', message: reason });
    expect(engine.isAvailable).toBe(false);
    await expect(async () =>
      engine.change(ROOM, { roomChanges: [{ key: 'k' }], by: null }),
    ).rejects.toMatchObject({ code: 'unavailable' });
    expect(statSync(join(folder, 'store.mdb')).size).toBeLessThan(6_000_000);
    expect(engine.history(ROOM, { limit: 1 })).toHaveLength(1);
    engine.forget(ROOM);
    await engine.sweep();
    expect(engine.isAvailable).toBe(true);
    await publish(1);
  });

  it('is known to be full when it is opened', async () => {
    await start();
    await publish(600, { data: 'x'.repeat(3000) });
    await start({ storeBytes: 1_000_000 });
    expect(engine.isAvailable).toBe(false);
  });
});

it('a store may end before pages that are free', async () => {
  await start();
  await publish(10);
  await publish(100, { room: { space: 'rooms', name: 'goes' }, data: 'x'.repeat(5000) });
  engine.forget({ space: 'rooms', name: 'goes' });
  await engine.sweep();
  await engine.stop();
  const path = join(folder, 'store.mdb');
  const { size } = statSync(path);
  const opens = async (): Promise<boolean> =>
    start().then(
      () => engine.stop().then(() => true),
      () => false,
    );
  let cut = 0;
  for (; cut < 200; cut++) {
    await truncate(path, size - (cut + 1) * 4096);
    if (!(await opens())) break;
  }
  expect(cut).toBeGreaterThan(10);
  await truncate(path, size - cut * 4096);
});

it('a damaged room does not keep others from being looked after', async () => {
  await start({ history: 10 });
  const names = ['a', 'b', 'c'];
  for (const name of names) await publish(100, { room: { space: 'rooms', name } });
  await engine.stop();
  const store = await Store.open(folder);
  const key = roomKey({ space: 'rooms', name: 'b' });
  const record = decodeRecord<RoomRecord>(store.rooms.get(key) ?? Buffer.alloc(0));
  const writes = new WriteSet();
  for (let offset = 1; offset <= 99; offset++)
    writes.remove(store.publications, numberKey(record.id, offset));
  await store.write(writes);
  await store.close();
  await start({ history: 10 });
  await engine.sweep();
  expect((await left()).publications).toBe(21);
});
