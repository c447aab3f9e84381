import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { RoomAddress } from '../../hub/engine.ts';
import type { Draft } from '../../hub/publication.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { describeEngine } from '../engine.contract.ts';
import { DurableEngine } from './durable-engine.ts';

const ROOM: RoomAddress = { space: 'rooms', name: 'r' };

function draft(data: unknown, id?: string): Draft {
  return { kind: 'message', data, sender: { id: 'm1', name: 'ann' }, id };
}

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'roomplex-durable-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describeEngine('DurableEngine', async (limits) => new DurableEngine({ folder: await newFolder(), limits }));

describe('DurableEngine', () => {
  let folder: string;
  let engine: DurableEngine;

  beforeEach(async () => {
    folder = await newFolder();
    engine = await opened();
  });
  afterEach(() => engine.stop());

  async function opened(): Promise<DurableEngine> {
    const next = new DurableEngine({ folder, limits: DEFAULT_LIMITS });
    await next.start({ published: () => undefined, changed: () => undefined });
    return next;
  }

  async function reopen(): Promise<void> {
    await engine.stop();
    engine = await opened();
  }

  it('forgets a room soon after the last one left, where it is told to', async () => {
    const brief = new DurableEngine({ folder: await newFolder(), limits: DEFAULT_LIMITS, roomGraceMs: 0 });
    await brief.start({ published: () => undefined, changed: () => undefined });
    const { epoch } = brief.subscribe(ROOM).position;
    await brief.publish(ROOM, draft('a'));
    brief.unsubscribe(ROOM);
    expect(brief.find(ROOM)).toBeUndefined();
    expect(brief.subscribe(ROOM).position).toEqual({ epoch: expect.not.stringContaining(epoch), offset: 0 });
    await brief.stop();
  });

  describe('after a restart', () => {
    it('goes on where it was, in the same epoch', async () => {
      const positions = await Promise.all([1, 2, 3].map((n) => engine.publish(ROOM, draft({ n }))));
      await reopen();
      const room = engine.subscribe(ROOM);
      expect(room.position).toEqual(positions[2]);
      expect(engine.history(ROOM, { limit: 9 }).map(({ data }) => data)).toEqual([
        { n: 1 },
        { n: 2 },
        { n: 3 },
      ]);
      expect(await engine.publish(ROOM, draft(4))).toEqual({ ...positions[2], offset: 4 });
    });

    it('has the epoch of rooms in which nothing was ever said', async () => {
      const { epoch } = engine.subscribe(ROOM).position;
      await reopen();
      expect(engine.subscribe(ROOM).position).toEqual({ epoch, offset: 0 });
    });

    it('has no epoch again that a room was forgotten in', async () => {
      const { epoch } = await engine.publish(ROOM, draft(1));
      engine.forget(ROOM);
      await reopen();
      expect(engine.find(ROOM)).toBeUndefined();
      expect(engine.subscribe(ROOM).position.epoch).not.toBe(epoch);
    });

    it('has state with revisions and order, and what was removed', async () => {
      for (const key of ['b', 'a', 'c', 'd']) {
        await engine.change(ROOM, { roomChanges: [{ key, value: { key } }], by: null });
      }
      await engine.change(ROOM, { roomChanges: [{ key: 'a' }, { key: 'b', value: 2 }], by: null });
      await engine.change(ROOM, { roomChanges: [{ key: 'c' }], by: null });
      await engine.change(ROOM, { roomChanges: [{ key: 'c', value: 3 }], by: null });
      await reopen();
      const { state } = engine.subscribe(ROOM);
      expect([...state.values]).toEqual([
        ['b', 2],
        ['d', { key: 'd' }],
        ['c', 3],
      ]);
      expect(['a', 'b', 'c', 'd', 'e'].map((key) => state.revOf(key))).toEqual([5, 5, 7, 4, 0]);
      expect(state.rev).toBe(7);
      const next = await engine.change(ROOM, { roomChanges: [{ key: 'a', value: 1, ifRev: 0 }], by: null });
      expect(next.rev).toBe(8);
    });

    it('knows publish ids', async () => {
      const first = await engine.publish(ROOM, draft('a', 'id'));
      await engine.publish(ROOM, draft('b'));
      await reopen();
      expect(await engine.publish(ROOM, draft('a', 'id'))).toEqual(first);
      expect(engine.find(ROOM)?.position.offset).toBe(2);
    });

    it('has forgotten the oldest of more than a thousand removed keys', async () => {
      const keys = Array.from({ length: 1100 }, (_, n) => `k${n}`);
      await engine.change(ROOM, { roomChanges: keys.map((key) => ({ key, value: 1 })), by: null });
      for (const half of [keys.slice(0, 600), keys.slice(600)]) {
        await engine.change(ROOM, { roomChanges: half.map((key) => ({ key })), by: null });
      }
      const before = keys.map((key) => engine.find(ROOM)?.state.revOf(key));
      await reopen();
      expect(keys.map((key) => engine.find(ROOM)?.state.revOf(key))).toEqual(before);
      expect(before.filter((rev) => rev === 0)).toHaveLength(100);
    });
  });

  it('keeps what an object was when it was published or set', async () => {
    const [said, set] = [{ n: 1 }, { n: 1 }];
    const done = Promise.all([
      engine.publish(ROOM, draft(said)),
      engine.change(ROOM, { roomChanges: [{ key: 'k', value: set }], by: null }),
    ]);
    [said.n, set.n] = [2, 2];
    await done;
    expect(engine.history(ROOM, { limit: 1 })[0]?.data).toEqual({ n: 1 });
    expect(engine.find(ROOM)?.state.values.get('k')).toEqual({ n: 1 });
  });

  it('forgets a room in its turn, and what comes after belongs to the next', async () => {
    const before = engine.publish(ROOM, draft('before'));
    engine.forget(ROOM);
    const after = engine.publish(ROOM, draft('after'));
    expect((await after).epoch).not.toBe((await before).epoch);
    expect([await before, await after].map(({ offset }) => offset)).toEqual([1, 1]);
    expect(engine.history(ROOM, { limit: 9 }).map(({ data }) => data)).toEqual(['after']);
    expect([...engine.names('rooms')]).toEqual(['r']);
    await reopen();
    expect(engine.history(ROOM, { limit: 9 }).map(({ data }) => data)).toEqual(['after']);
  });

  it('goes on when whoever is told fails', async () => {
    await engine.stop();
    engine = new DurableEngine({ folder, limits: DEFAULT_LIMITS });
    await engine.start({
      published: () => {
        throw new Error('no');
      },
      changed: () => undefined,
    });
    expect(await Promise.all([1, 2].map((n) => engine.publish(ROOM, draft(n))))).toHaveLength(2);
  });

  it('commits everything it took before it stops, takes nothing after, and may be stopped twice', async () => {
    const accepted = engine.publish(ROOM, draft(1));
    const stopped = engine.stop();
    expect(() => engine.publish(ROOM, draft(2))).toThrow('closed');
    await Promise.all([accepted, stopped, engine.stop()]);
    engine = await opened();
    expect(engine.find(ROOM)?.position.offset).toBe(1);
  });
});
