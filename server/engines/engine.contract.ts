import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Engine, RoomAddress } from '../hub/engine.ts';
import type { Draft, Publication } from '../hub/publication.ts';

const ROOM: RoomAddress = { space: 'rooms', name: 'r' };

function draft(data: unknown): Draft {
  return { kind: 'message', data, sender: { id: 'm1', name: 'ann' }, except: 'm2' };
}

/** What every engine promises, run against one implementation. */
export function describeEngine(name: string, create: () => Promise<Engine>): void {
  describe(`${name} as an Engine`, () => {
    let engine: Engine;
    let delivered: { address: RoomAddress; publication: Publication }[];

    beforeEach(async () => {
      engine = await create();
      delivered = [];
      await engine.start((address, publication) => delivered.push({ address, publication }));
    });
    afterEach(() => engine.stop());

    it('stamps gapless offsets from 1 within one epoch', async () => {
      engine.subscribe(ROOM);
      const positions = await Promise.all(
        Array.from({ length: 100 }, (_, n) => engine.publish(ROOM, draft(n))),
      );
      expect(positions.map(({ offset }) => offset)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
      expect(new Set(positions.map(({ epoch }) => epoch)).size).toBe(1);
    });

    it('delivers each publication once, in order, no later than it resolves', async () => {
      engine.subscribe(ROOM);
      for (let n = 1; n <= 20; n++) {
        const position = await engine.publish(ROOM, draft(n));
        expect(delivered).toHaveLength(n);
        expect(delivered.at(-1)?.publication).toMatchObject({ ...draft(n), ...position, room: 'r' });
        expect(delivered.at(-1)?.address).toEqual(ROOM);
      }
    });

    it('carries any JSON value, and absence, unchanged', async () => {
      engine.subscribe(ROOM);
      const values = ['', 0, false, null, undefined, { k: [1, { l: 'm' }] }, 'ü€😀'];
      for (const value of values) await engine.publish(ROOM, draft(value));
      expect(delivered.map(({ publication }) => publication.data)).toEqual(values);
    });

    it('says where a stream stands, before anything was said too', async () => {
      engine.subscribe(ROOM);
      const before = engine.position(ROOM);
      expect(before.offset).toBe(0);
      const first = await engine.publish(ROOM, draft('a'));
      expect(first).toEqual({ epoch: before.epoch, offset: 1 });
      expect(engine.position(ROOM)).toEqual(first);
    });

    it('keeps rooms, and spaces, apart', async () => {
      const other = { space: 'bus', name: 'r' };
      engine.subscribe(ROOM);
      engine.subscribe(other);
      await engine.publish(ROOM, draft('a'));
      expect(engine.position(other).offset).toBe(0);
      expect(engine.position(other).epoch).not.toBe(engine.position(ROOM).epoch);
    });

    it('accepts publications to a room that nobody is in', async () => {
      const position = await engine.publish({ space: 'rooms', name: 'nobody' }, draft('a'));
      expect(position.offset).toBeGreaterThan(0);
    });

    it('takes names of object properties for ordinary names', async () => {
      for (const name of ['__proto__', 'constructor', 'toString', '']) {
        const address = { space: 'rooms', name };
        engine.subscribe(address);
        expect((await engine.publish(address, draft('a'))).offset).toBe(1);
        engine.unsubscribe(address);
      }
    });

    it('never continues an old epoch with offsets that were given out already', async () => {
      engine.subscribe(ROOM);
      const before = await engine.publish(ROOM, draft('a'));
      engine.unsubscribe(ROOM);
      engine.subscribe(ROOM);
      const after = await engine.publish(ROOM, draft('b'));
      if (after.epoch === before.epoch) expect(after.offset).toBe(before.offset + 1);
      else expect(after.offset).toBe(1);
    });
  });
}
