import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Change } from '../hub/change.ts';
import type { Engine, History, HistoryRange, RoomAddress } from '../hub/engine.ts';
import type { Draft, Publication } from '../hub/publication.ts';
import { DEFAULT_LIMITS, type Limits } from '../limits.ts';

const ROOM: RoomAddress = { space: 'rooms', name: 'r' };

/** Makes an engine that is not started yet. */
export type CreateEngine = (limits: Limits) => Promise<Engine>;

/** What every engine promises, run against one implementation. */
export function describeEngine(name: string, create: CreateEngine): void {
  describe(`${name} as an Engine`, () => {
    let engine: Engine;
    /** Everything the listener was told, in order. */
    let told: { readonly address: RoomAddress; readonly what: Publication | Change }[];

    async function startEngine(limits: Partial<Limits> = {}): Promise<void> {
      await engine?.stop();
      engine = await create({ ...DEFAULT_LIMITS, ...limits });
      told = [];
      await engine.start({
        published: (address, what) => told.push({ address, what }),
        changed: (address, what) => told.push({ address, what }),
      });
    }

    beforeEach(() => startEngine());
    afterEach(() => engine.stop());

    async function publish(count: number, address = ROOM): Promise<void> {
      await Promise.all(Array.from({ length: count }, (_, n) => engine.publish(address, draft(n + 1))));
    }

    async function history(range: HistoryRange): Promise<unknown[]> {
      const page: History = await engine.history(ROOM, range);
      return page.map(({ data }) => data);
    }

    describe('publications', () => {
      it('get gapless offsets from 1 within one epoch', async () => {
        engine.subscribe(ROOM);
        const positions = await Promise.all(
          Array.from({ length: 100 }, (_, n) => engine.publish(ROOM, draft(n))),
        );
        expect(positions.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
        expect(new Set(positions.map(({ epoch }) => epoch)).size).toBe(1);
      });

      it('are told once each, in order, no later than they are accepted', async () => {
        engine.subscribe(ROOM);
        for (let n = 1; n <= 20; n++) {
          const position = await engine.publish(ROOM, draft(n));
          expect(told).toHaveLength(n);
          expect(told.at(-1)).toMatchObject({ address: ROOM, what: { ...draft(n), ...position, room: 'r' } });
        }
      });

      it('carry any JSON value, and absence, unchanged, now and from history', async () => {
        engine.subscribe(ROOM);
        const values = ['', 0, false, null, undefined, { k: [1, { l: 'm' }] }, 'ü€😀\u2028'];
        for (const value of values) await engine.publish(ROOM, draft(value));
        expect(told.map(({ what }) => 'data' in what && what.data)).toEqual(values);
        expect(await history({ limit: 10 })).toEqual(values);
      });

      it('stay as they were said, whatever becomes of what was given', async () => {
        engine.subscribe(ROOM);
        const data = { list: [1] };
        await engine.publish(ROOM, draft(data));
        data.list.push(2);
        expect(await history({ limit: 1 })).toEqual([{ list: [1] }]);
      });

      it('keep their sender, time, and whom they are not for', async () => {
        engine.subscribe(ROOM);
        await engine.publish(ROOM, draft('a'));
        await engine.publish(ROOM, { kind: 'k', data: 'b', sender: { id: null, name: undefined }, to: 'm3' });
        const [a, b] = await engine.history(ROOM, { limit: 2 });
        expect(a).toMatchObject({ ...draft('a'), room: 'r', offset: 1, at: expect.any(Number) });
        expect(b).toMatchObject({ kind: 'k', sender: { id: null }, to: 'm3', offset: 2 });
        expect(b?.sender.name).toBeUndefined();
        expect(b?.at).toBeGreaterThanOrEqual(a?.at ?? Infinity);
      });

      it('go to rooms that nobody is in, and are there for those who come later', async () => {
        const position = await engine.publish(ROOM, draft('a'));
        expect(position.offset).toBe(1);
        expect(engine.find(ROOM)?.position).toEqual(position);
        expect(engine.subscribe(ROOM).position).toEqual(position);
        expect(await history({ limit: 10 })).toEqual(['a']);
      });

      it('are published once under one id, however often they are asked for', async () => {
        engine.subscribe(ROOM);
        const drafts = ['a', 'b', 'a', 'b', 'c'].map((id) => ({ ...draft(id), id }));
        const positions = await Promise.all(drafts.map((each) => engine.publish(ROOM, each)));
        expect(positions.map(({ offset }) => offset)).toEqual([1, 2, 1, 2, 3]);
        expect(await engine.publish(ROOM, { ...draft('a'), id: 'a' })).toEqual(positions[0]);
        expect(told).toHaveLength(3);
        expect(await history({ limit: 10 })).toEqual(['a', 'b', 'c']);
      });

      it('have ids of their own in each room', async () => {
        const other = { space: 'rooms', name: 's' };
        await engine.publish(ROOM, { ...draft('a'), id: 'a' });
        expect((await engine.publish(other, { ...draft('b'), id: 'a' })).offset).toBe(1);
        expect(told).toHaveLength(2);
      });
    });

    describe('rooms', () => {
      it('say where they stand before anything was said too', async () => {
        const room = engine.subscribe(ROOM);
        const { epoch } = room.position;
        expect(room.position.offset).toBe(0);
        expect(room.first).toBe(1);
        expect(room.state.rev).toBe(0);
        const first = await engine.publish(ROOM, draft('a'));
        expect(first).toEqual({ epoch, offset: 1 });
        expect(room.position).toEqual(first);
      });

      it('are apart from each other, and spaces are', async () => {
        const other = { space: 'bus', name: 'r' };
        engine.subscribe(ROOM);
        const bus = engine.subscribe(other);
        await engine.publish(ROOM, draft('a'));
        await engine.change(ROOM, { roomChanges: [{ key: 'k', value: 1 }], by: null });
        expect(bus.position.offset).toBe(0);
        expect(bus.state.values.size).toBe(0);
        expect(await engine.history(other, { limit: 10 })).toEqual([]);
      });

      it('may be called like properties of objects', async () => {
        for (const name of ['__proto__', 'constructor', 'toString', '', 'ü'.repeat(255)]) {
          const address = { space: 'rooms', name };
          engine.subscribe(address);
          expect((await engine.publish(address, draft('a'))).offset).toBe(1);
          engine.unsubscribe(address);
          expect(engine.find(address)?.position.offset).toBe(1);
        }
        expect(new Set(engine.names('rooms')).size).toBe(5);
      });

      it('are what they were when they are subscribed again', async () => {
        engine.subscribe(ROOM);
        const before = await engine.publish(ROOM, draft('a'));
        await engine.change(ROOM, { roomChanges: [{ key: 'k', value: 1 }], by: null });
        engine.unsubscribe(ROOM);
        const room = engine.subscribe(ROOM);
        expect(room.position).toEqual(before);
        expect(room.state.values.get('k')).toBe(1);
        expect(room.state.revOf('k')).toBe(1);
        expect(await engine.publish(ROOM, draft('b'))).toEqual({ epoch: before.epoch, offset: 2 });
      });

      it('are empty and have another epoch after they were forgotten', async () => {
        const { epoch } = engine.subscribe(ROOM).position;
        await engine.publish(ROOM, { ...draft('a'), id: 'a' });
        await engine.change(ROOM, { roomChanges: [{ key: 'k', value: 1 }], by: null });
        engine.unsubscribe(ROOM);
        engine.forget(ROOM);
        expect(engine.find(ROOM)).toBeUndefined();
        const room = engine.subscribe(ROOM);
        expect(room.position.offset).toBe(0);
        expect(room.position.epoch).not.toBe(epoch);
        expect(room.state.values.size).toBe(0);
        expect(await history({ limit: 10 })).toEqual([]);
        expect((await engine.publish(ROOM, { ...draft('b'), id: 'a' })).offset).toBe(1);
      });

      it('are named only when something of them is kept', async () => {
        engine.subscribe({ space: 'rooms', name: 'silent' });
        await engine.publish(ROOM, draft('a'));
        await engine.change(
          { space: 'rooms', name: 's' },
          { roomChanges: [{ key: 'k', value: 1 }], by: null },
        );
        engine.unsubscribe({ space: 'rooms', name: 'silent' });
        expect([...engine.names('rooms')].sort()).toEqual(['r', 's']);
        expect(engine.find({ space: 'rooms', name: 'silent' })).toBeUndefined();
      });
    });

    describe('history', () => {
      it('is paged both ways', async () => {
        engine.subscribe(ROOM);
        await publish(10);
        expect(await history({ limit: 3 })).toEqual([8, 9, 10]);
        expect(await history({ limit: 3, before: 8 })).toEqual([5, 6, 7]);
        expect(await history({ limit: 100, before: 3 })).toEqual([1, 2]);
        expect(await history({ limit: 3, before: 1 })).toEqual([]);
        expect(await history({ limit: 3, before: 99 })).toEqual([8, 9, 10]);
        expect(await history({ limit: 3, after: 0 })).toEqual([1, 2, 3]);
        expect(await history({ limit: 3, after: 3 })).toEqual([4, 5, 6]);
        expect(await history({ limit: 3, after: 9 })).toEqual([10]);
        expect(await history({ limit: 3, after: 10 })).toEqual([]);
        expect(await history({ limit: 0 })).toEqual([]);
      });

      it('is cut into pages by size too, each with at least one publication', async () => {
        engine.subscribe(ROOM);
        for (let n = 0; n < 4; n++) await engine.publish(ROOM, draft(`${n}${'x'.repeat(300_000)}`));
        expect(await history({ limit: 10 })).toHaveLength(1);
        expect((await history({ limit: 10, after: 0 })).map((data) => String(data)[0])).toEqual(['0']);
      });

      it('is empty for a room that is not there', async () => {
        expect(await history({ limit: 10 })).toEqual([]);
      });

      it('keeps as many messages as the limit says', async () => {
        await startEngine({ history: 5 });
        const room = engine.subscribe(ROOM);
        await publish(12);
        expect(room.first).toBe(8);
        expect(await history({ limit: 100 })).toEqual([8, 9, 10, 11, 12]);
        expect(await history({ limit: 2, after: 0 })).toEqual([8, 9]);
        expect(room.position.offset).toBe(12);
      });

      it('keeps as many bytes as the limit says, but the newest in any case', async () => {
        await startEngine({ historyBytes: 3000 });
        const room = engine.subscribe(ROOM);
        for (const letter of 'abcdef') await engine.publish(ROOM, draft(letter.repeat(1000)));
        const letters = (await history({ limit: 100 })).map((data) => String(data)[0]).join('');
        expect('abcdef'.endsWith(letters)).toBe(true);
        expect(letters.length).toBeGreaterThanOrEqual(2);
        expect(letters.length).toBeLessThanOrEqual(3);
        await engine.publish(ROOM, draft('x'.repeat(10_000)));
        expect(await history({ limit: 100 })).toHaveLength(1);
        expect(room.first).toBe(7);
      });
    });

    describe('state', () => {
      const set = (key: string, value: unknown, ifRev?: number): Promise<unknown> =>
        Promise.resolve(engine.change(ROOM, { roomChanges: [{ key, value, ifRev }], by: 'm1' }));

      it('counts revisions from 1 and gives them to keys', async () => {
        const { state, position } = engine.subscribe(ROOM);
        expect(await set('a', 1)).toEqual({ epoch: position.epoch, rev: 1 });
        expect(await set('b', { c: [null] })).toEqual({ epoch: position.epoch, rev: 2 });
        expect(await set('a', 'x')).toEqual({ epoch: position.epoch, rev: 3 });
        expect([...state.values]).toEqual([
          ['a', 'x'],
          ['b', { c: [null] }],
        ]);
        expect([state.revOf('a'), state.revOf('b'), state.revOf('c'), state.rev]).toEqual([3, 2, 0, 3]);
      });

      it('tells each change in one order with publications', async () => {
        engine.subscribe(ROOM);
        await Promise.all([
          engine.publish(ROOM, draft(1)),
          set('a', 1),
          engine.publish(ROOM, draft(2)),
          set('a', 2),
        ]);
        const order = told.map(({ what }) => ('rev' in what ? `rev ${what.rev}` : `offset ${what.offset}`));
        expect(order).toEqual(['offset 1', 'rev 1', 'offset 2', 'rev 2']);
        expect(told[1]?.what).toMatchObject({ room: 'r', by: 'm1', roomChanges: [{ key: 'a', value: 1 }] });
      });

      it('carries what is no change of the room along, in its place', async () => {
        engine.subscribe(ROOM);
        await Promise.all([
          set('a', 1),
          engine.change(ROOM, { clientChanges: [{ key: 'x', value: 1 }], by: 'm1' }),
          set('a', 2),
        ]);
        expect(told.map(({ what }) => 'rev' in what && what.rev)).toEqual([1, 1, 2]);
        expect(told[1]?.what).toMatchObject({ clientChanges: [{ key: 'x', value: 1 }], by: 'm1' });
      });

      it('says of each key once how it is, however often a change names it', async () => {
        await set('a', 1);
        const roomChanges = Array.from({ length: 100 }, () => ({ key: 'a', value: 2, ifRev: 9 }));
        for (const epoch of [undefined, 'other']) {
          await expect(
            attempt(() => engine.change(ROOM, { roomChanges, epoch, by: null })),
          ).rejects.toMatchObject({ conflicts: [{ key: 'a', value: 1, rev: 1 }] });
        }
      });

      it('sets a key on condition of its revision', async () => {
        const { epoch } = engine.subscribe(ROOM).position;
        await set('a', 1, 0);
        await expect(attempt(() => set('a', 2, 0))).rejects.toMatchObject({
          code: 'conflict',
          epoch,
          conflicts: [{ key: 'a', value: 1, rev: 1 }],
        });
        await set('a', 2, 1);
        await expect(attempt(() => set('a', 3, 1))).rejects.toMatchObject({
          conflicts: [{ key: 'a', value: 2, rev: 2 }],
        });
      });

      it('lets one of many win who want the same revision at a time', async () => {
        const { state } = engine.subscribe(ROOM);
        const tries = Array.from({ length: 20 }, (_, n) => attempt(() => set('a', n, 0)));
        const outcomes = await Promise.allSettled(tries);
        expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', ...Array(19).fill('rejected')]);
        expect(state.values.get('a')).toBe(0);
        expect(told).toHaveLength(1);
      });

      it('takes keys away and remembers when', async () => {
        const { state } = engine.subscribe(ROOM);
        await set('a', 1);
        await set('a', undefined, 1);
        expect(state.values.has('a')).toBe(false);
        expect(state.revOf('a')).toBe(2);
        await expect(attempt(() => set('a', 5, 1))).rejects.toMatchObject({
          conflicts: [{ key: 'a', rev: 2 }],
        });
        await set('a', 5, 0);
        expect(state.revOf('a')).toBe(3);
      });

      it('changes several keys at once, or none', async () => {
        const { state } = engine.subscribe(ROOM);
        await set('a', 1);
        const both = (ifRev: number): Promise<unknown> =>
          attempt(() =>
            engine.change(ROOM, {
              roomChanges: [
                { key: 'b', value: 1 },
                { key: 'a', value: 2, ifRev },
              ],
              by: null,
            }),
          );
        await expect(both(7)).rejects.toMatchObject({ code: 'conflict' });
        expect([...state.values]).toEqual([['a', 1]]);
        expect(await both(1)).toMatchObject({ rev: 2 });
        expect([state.revOf('a'), state.revOf('b')]).toEqual([2, 2]);
      });

      it('takes conditions of another epoch for conflicts', async () => {
        const { state } = engine.subscribe(ROOM);
        await set('a', 1);
        const roomChanges = [{ key: 'a', value: 2, ifRev: 1 }];
        await expect(
          attempt(() => engine.change(ROOM, { roomChanges, epoch: 'other', by: null })),
        ).rejects.toMatchObject({ code: 'conflict', conflicts: [{ key: 'a', value: 1, rev: 1 }] });
        expect(state.values.get('a')).toBe(1);
      });

      it('has limits, and what shrinks always fits', async () => {
        await startEngine({ stateKeys: 2, stateBytes: 100 });
        const { state } = engine.subscribe(ROOM);
        await set('a', 1);
        await set('b', 1);
        await expect(attempt(() => set('c', 1))).rejects.toMatchObject({ code: 'limit' });
        await expect(attempt(() => set('b', 'x'.repeat(100)))).rejects.toMatchObject({ code: 'limit' });
        await set('b', undefined);
        await set('c', 1);
        expect([...state.values.keys()]).toEqual(['a', 'c']);
      });

      it('refuses what is no entry, and goes on', async () => {
        const { state } = engine.subscribe(ROOM);
        const bad = [{ key: 5 as unknown as string, value: 1 }];
        await expect(attempt(() => engine.change(ROOM, { roomChanges: bad, by: null }))).rejects.toThrow(
          TypeError,
        );
        await set('a', 1);
        expect(state.rev).toBe(1);
      });

      it('may have keys like properties of objects', async () => {
        const { state } = engine.subscribe(ROOM);
        for (const key of ['__proto__', 'constructor', '', 'k'.repeat(5000)]) await set(key, key.length);
        engine.unsubscribe(ROOM);
        expect([...engine.subscribe(ROOM).state.values.values()]).toEqual([9, 11, 0, 5000]);
        expect(state.bytes).toBeGreaterThan(5000);
      });
    });
  });
}

function draft(data: unknown): Draft {
  return { kind: 'message', data, sender: { id: 'm1', name: 'ann' }, except: 'm2' };
}

/** What is thrown at once counts as a rejection too. */
async function attempt<T>(what: () => T | Promise<T>): Promise<T> {
  return what();
}
