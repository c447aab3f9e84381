import { describe, expect, it } from 'vitest';
import { ConflictError } from '../index.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();

describe('server code', () => {
  it('speaks in rooms, whoever is there, and reads what was said', async () => {
    const { roomplex, ws } = await start();
    const first = await roomplex.publish('r1', { k: 1 }, { id: 'x' });
    expect(await roomplex.publish('r1', { k: 1 }, { id: 'x' })).toEqual(first);
    const ann = new RoomsClient(await openRawLine(ws('/layout')));
    await ann.ask('JOIN', { room: 'r1', name: 'ann', history: 5 });
    expect(await ann.next()).toMatchObject(['EVENT', { sender: 'server', message: { k: 1 }, ...first }]);
    await roomplex.publish('r1', 'hi', { name: 'desk' });
    expect(await ann.next()).toMatchObject(['EVENT', { sender: 'desk', message: 'hi', offset: 2 }]);
    expect(await roomplex.history('r1')).toMatchObject([{ data: { k: 1 } }, { data: 'hi' }]);
    expect(await roomplex.history('r1', { before: 2, limit: 1 })).toMatchObject([{ offset: 1 }]);
    expect(await roomplex.history('nowhere')).toEqual([]);
  });

  it('says to the one it leaves out that something was said', async () => {
    const { roomplex, ws } = await start();
    const kitchen = roomplex.registerRoom('r1');
    const ann = new RoomsClient(await openRawLine(ws('/layout')));
    const wishes = { positions: true, presence: true };
    const [, , { id, epoch }] = (await ann.ask('JOIN', { room: 'r1', name: 'ann', ...wishes })) as [
      string,
      number,
      { id: string; epoch: string },
    ];
    await kitchen.broadcast('not for ann', { except: { id } });
    expect(await ann.next()).toEqual(['POSITION', { room: 'r1', epoch, offset: 1 }]);
    await ann.ask('JOIN', { room: 'r1', name: 'ann', recover: { epoch, offset: 0 } });
    expect(await ann.next()).toEqual(['POSITION', { room: 'r1', epoch, offset: 1 }]);
    await kitchen.broadcast('for all');
    expect(await ann.next()).toMatchObject(['EVENT', { message: 'for all', offset: 2 }]);
  });

  it('changes state on conditions', async () => {
    const { roomplex } = await start();
    const { rev } = await roomplex.change('r1', [{ key: 'k', value: 1, ifRev: 0 }]);
    await roomplex.change('r1', [{ key: 'k', value: 2, ifRev: rev }]);
    const late = async (): Promise<unknown> => roomplex.change('r1', [{ key: 'k', value: 3, ifRev: rev }]);
    const refusal: unknown = await late().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(ConflictError);
    expect(refusal).toMatchObject({ conflicts: [{ key: 'k', value: 2, rev: 2 }] });
    expect(roomplex.room('r1')?.state.get('k')).toBe(2);
  });
});
