import { beforeEach, describe, expect, it } from 'vitest';
import { DOORS } from './support/doors.ts';
import { ENGINES, newStore } from './support/engines.ts';
import { enterRoom, joinRoom } from './support/enter-room.ts';
import { expectQuiet } from './support/fence.ts';
import { RoomsClient, type Called } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;

const open = async (gateway = 'layout'): Promise<RoomsClient> =>
  new RoomsClient(await openRawLine(server.ws(`/${gateway}`)));

const publish = (client: RoomsClient, message: string, publishId: unknown, room = 'r1'): Promise<Called> =>
  client.call('NOTIFY', { room, message, publishId });

describe.each(ENGINES)('a publish id, with $engine', ({ options }) => {
  beforeEach(async () => {
    server = await start(options());
  });

  it.each(DOORS)('makes it safe to ask again, through $name', async (door) => {
    const { client: bob, answer } = await enterRoom(await openRawLine(server.ws('/layout')), {
      name: 'bob',
      positions: true,
    });
    const ann = new RoomsClient(await door.open(server, 'layout'));
    await joinRoom(ann, {});
    const first = await publish(ann, 'x', 'p1');
    expect([first.kind, first.body]).toEqual(['ACK', { epoch: answer.epoch, offset: 1 }]);
    expect((await publish(ann, 'x', 'p1')).body).toEqual(first.body);
    expect((await publish(ann, 'y', 'p2')).body).toEqual({ epoch: answer.epoch, offset: 2 });
    expect((await publish(ann, 'x', 'p1')).body).toEqual(first.body);
    expect(await bob.events(2)).toMatchObject([{ message: 'x' }, { message: 'y' }]);
    await expectQuiet(bob);
  });

  it('holds on every connection, also when the first answer is not there yet', async () => {
    const { client: bob } = await enterRoom(await openRawLine(server.ws('/layout')), { name: 'bob' });
    const others = await Promise.all([open(), open(), open()]);
    const answers = await Promise.all(others.map((client) => publish(client, 'x', 'p1')));
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ offset: 1 });
    expect(await bob.events(1)).toMatchObject([{ message: 'x' }]);
    await expectQuiet(bob, ...others);
  });

  it('belongs to one room', async () => {
    const [ann, bus] = [await open(), await open('bus')];
    expect((await publish(ann, 'x', 'p1')).body).toMatchObject({ offset: 1 });
    expect((await publish(ann, 'y', 'p1', 'r2')).body).toMatchObject({ offset: 1 });
    expect((await publish(bus, 'z', 'p1')).body).toMatchObject({ offset: 1 });
    await publish(ann, 'w', 'other', 'r2');
    expect((await publish(ann, 'y', 'p1', 'r2')).body).toMatchObject({ offset: 1 });
  });

  it('is shown to nobody', async () => {
    const { client: bob } = await enterRoom(await openRawLine(server.ws('/layout')), {
      name: 'bob',
      positions: true,
    });
    await publish(await open(), 'x', 'a secret id');
    expect(await bob.nextText()).not.toContain('secret');
    const { body } = await bob.call('HISTORY', { room: 'r1' });
    expect(body).toMatchObject({ messages: [{ message: 'x' }] });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it.each([[''], ['x'.repeat(65)], [7], [null], [{}]])('of %j is refused', async (publishId) => {
    const { client: bob } = await enterRoom(await openRawLine(server.ws('/layout')), { name: 'bob' });
    const { kind, body } = await publish(await open(), 'x', publishId);
    expect([kind, body]).toMatchObject([
      'ERROR',
      {
        event: 'NOTIFY',
        code: 'bad-request',
        reason: 'publishId must be a string of 1 to 64 characters',
      },
    ]);
    await expectQuiet(bob);
  });

  it('is known no longer in a room that was closed', async () => {
    const ann = await open();
    const { body } = await publish(ann, 'x', 'p1');
    server.roomplex.closeRoom('r1');
    const again = await publish(ann, 'x', 'p1');
    expect(again.body).toMatchObject({ offset: 1 });
    expect((again.body as { epoch: string }).epoch).not.toBe((body as { epoch: string }).epoch);
  });
});

describe('a publish id', () => {
  it('holds across a restart with a store', async () => {
    const data = newStore();
    server = await start({ data });
    const { body } = await publish(await open(), 'x', 'p1');
    await server.close();
    server = await start({ data });
    expect((await publish(await open(), 'x', 'p1')).body).toEqual(body);
    expect((await publish(await open(), 'y', 'p2')).body).toMatchObject({ offset: 2 });
  });
});
