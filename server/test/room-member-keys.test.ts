import { beforeEach, describe, expect, it } from 'vitest';
import type { JoinRequest, PresenceDiff } from '../../protocol/rooms.ts';
import { enterRoom, joinRoom, notify } from './support/enter-room.ts';
import { expectQuiet } from './support/fence.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { WAYS } from './support/ways.ts';
import { openRawLine, openSocket } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;
beforeEach(async () => {
  server = await start({ memberGraceMs: 60_000 });
});

const KEY = 'sixteen chars at least';
const OTHER_KEY = 'sixteen chars at last!';

const enter = async (request: Partial<JoinRequest> = {}) =>
  enterRoom(await openRawLine(server.ws('/layout')), { memberKey: KEY, ...request });

/** Somebody who follows presence, and has heard of itself. */
async function follower(): Promise<RoomsClient> {
  const { client } = await enterRoom(await openRawLine(server.ws('/layout')), {
    name: 'walt',
    presence: true,
  });
  await client.fence();
  return client;
}

async function clients(client: RoomsClient): Promise<unknown> {
  return (await client.ask('CLIENTS', { room: 'r1' }))[1];
}

/** What a follower is told next. */
async function presence(client: RoomsClient): Promise<PresenceDiff> {
  const [event, body] = await client.next();
  expect(event).toBe('PRESENCE');
  return body as PresenceDiff;
}

describe('a member key', () => {
  it('makes the same id wherever it is used, and another key another one', async () => {
    const { answer, client } = await enter();
    expect(answer).toEqual({ id: expect.stringMatching(/^[\w-]{22}$/) });
    await client.close();
    for (const way of WAYS) {
      const again = await enterRoom(await way.open(server, 'layout'), { memberKey: KEY });
      expect(again.answer.id).toBe(answer.id);
      await again.client.close();
    }
    expect((await enter({ room: 'r2' })).answer.id).toBe(answer.id);
    expect((await enter({ memberKey: OTHER_KEY })).answer.id).not.toBe(answer.id);
    const other = await start();
    const elsewhere = await enterRoom(await openRawLine(other.ws('/layout')), { memberKey: KEY });
    expect(elsewhere.answer.id).toBe(answer.id);
  });

  it('is shown to nobody', async () => {
    const walt = await follower();
    const { answer } = await enter();
    expect(await walt.nextText()).toBe(
      `["PRESENCE",{"room":"r1","joins":[{"id":"${answer.id}","name":"ann"}],"leaves":[],"count":2}]`,
    );
    expect(server.roomplex.room('r1')?.member(answer.id ?? '')).toBeDefined();
    expect(JSON.stringify(server.roomplex.room('r1')?.members)).not.toContain(KEY);
  });

  it.each([['x'.repeat(15)], ['x'.repeat(129)], [''], [1234567890123456], [null], [{}]])(
    'of %j is refused',
    async (memberKey) => {
      const client = new RoomsClient(await openRawLine(server.ws('/layout')));
      const { kind, body } = await client.call('JOIN', { room: 'r1', name: 'ann', memberKey });
      expect([kind, body]).toMatchObject([
        'ERROR',
        { code: 'bad-request', reason: 'memberKey must be a string of 16 to 128 characters' },
      ]);
      expect(await clients(client)).toEqual({ room: 'r1', clients: [] });
    },
  );

  it('gives what is said its id, on every connection', async () => {
    const { client: walt } = await enterRoom(await openRawLine(server.ws('/layout')), { positions: true });
    const first = await enter();
    await notify(first.client, 'one');
    await first.client.close();
    const second = await enter();
    await notify(second.client, 'two');
    const [one, two] = await walt.events(2);
    expect([one?.id, two?.id]).toEqual([first.answer.id, first.answer.id]);
  });
});

describe('a lost connection', () => {
  it.each(WAYS)('is no leave for a member that comes back in time, over $name', async (way) => {
    const walt = await follower();
    const old = await openRawLine(server.ws('/layout'));
    await enterRoom(old, { name: 'old' });
    const { client, answer } = await enterRoom(await way.open(server, 'layout'), { memberKey: KEY });
    expect(await presence(walt)).toMatchObject({ joins: [{ name: 'old' }] });
    expect(await presence(walt)).toMatchObject({ joins: [{ id: answer.id }], count: 3 });
    await client.close();
    expect(await clients(walt)).toEqual({ room: 'r1', clients: ['walt', 'old', 'ann'] });
    const again = await enterRoom(await way.open(server, 'layout'), { memberKey: KEY, presence: true });
    expect(again.answer.members?.map(({ name }) => name)).toEqual(['walt', 'old', 'ann']);
    await expectQuiet(walt);
    await again.client.close();
  });

  it('is no leave for registered rooms either', async () => {
    const { client } = await enter();
    const left: string[] = [];
    server.roomplex.registerRoom('r1').on('leave', ({ id }) => left.push(id));
    await client.close();
    const again = await enter();
    await again.client.call('SET', { room: 'r1', entries: [{ key: 'k', value: 'v' }] });
    expect(left).toEqual([]);
  });

  it('is a leave for a member that does not come back', async () => {
    server = await start({ memberGraceMs: 30 });
    const walt = await follower();
    const { client, answer } = await enter();
    await presence(walt);
    await client.close();
    expect(await presence(walt)).toEqual({
      room: 'r1',
      joins: [],
      leaves: [{ id: answer.id, name: 'ann', cause: 'closed' }],
      count: 1,
    });
    expect(await clients(walt)).toEqual({ room: 'r1', clients: ['walt'] });
  });

  it('is a leave at once where no time is given, and for members without a key', async () => {
    server = await start({ memberGraceMs: 0 });
    const walt = await follower();
    for (const memberKey of [KEY, undefined]) {
      const { client } = await enterRoom(
        await openRawLine(server.ws('/layout')),
        memberKey === undefined ? {} : { memberKey },
      );
      await presence(walt);
      await client.close();
      expect(await presence(walt)).toMatchObject({ leaves: [{ name: 'ann', cause: 'closed' }] });
    }
  });

  it('that gave no sign of life is a timeout', async () => {
    server = await start({ memberGraceMs: 0, heartbeatMs: 50 });
    const walt = await follower();
    const socket = await openSocket(server.ws('/layout'), { autoPong: false });
    socket.send(JSON.stringify(['JOIN', { room: 'r1', name: 'ann', memberKey: KEY }]));
    expect(await presence(walt)).toMatchObject({ joins: [{ name: 'ann' }] });
    expect(await presence(walt)).toMatchObject({ leaves: [{ name: 'ann', cause: 'timeout' }] });
  });

  it('keeps nobody from being put out', async () => {
    const walt = await follower();
    const { client, answer } = await enter();
    await presence(walt);
    await client.close();
    expect(server.roomplex.eject('r1', answer.id ?? '')).toBe(true);
    expect(await presence(walt)).toMatchObject({ leaves: [{ id: answer.id, cause: 'ejected' }] });
    expect(await enter()).toMatchObject({ answer: { id: answer.id } });
    expect(await presence(walt)).toMatchObject({ joins: [{ id: answer.id }] });
  });
});

describe('a member that says LEAVE', () => {
  it('has left at once', async () => {
    const walt = await follower();
    const { client, answer } = await enter();
    await presence(walt);
    await client.call('LEAVE', { room: 'r1' });
    expect(await presence(walt)).toMatchObject({ leaves: [{ id: answer.id, cause: 'left' }], count: 1 });
  });
});

describe('a place that is taken over', () => {
  it('is given up without a word, and nobody else notices', async () => {
    const walt = await follower();
    const older = await enter({ presence: true });
    await presence(walt);
    await older.client.fence();
    const newer = await enter({ presence: true });
    expect(newer.answer.count).toBe(2);
    await notify(walt, 'hi');
    expect(await newer.client.next()).toEqual(['EVENT', { sender: 'walt', room: 'r1', message: 'hi' }]);
    await expectQuiet(walt, older.client);
  });

  it('is no place for the older connection any more', async () => {
    server = await start({ membersOnly: true });
    const walt = await follower();
    const older = await enter();
    await presence(walt);
    const newer = await enter();
    for (const [verb, argument] of [
      ['NOTIFY', { room: 'r1', message: 'x' }],
      ['HISTORY', { room: 'r1' }],
      ['SET', { room: 'r1', entries: [{ key: 'k', value: 1 }] }],
    ] as const) {
      expect((await older.client.call(verb, argument)).body).toMatchObject({ code: 'not-a-member' });
    }
    expect((await older.client.call('LEAVE', { room: 'r1' })).kind).toBe('ACK');
    await older.client.close();
    await notify(newer.client, 'still here');
    expect(await walt.next()).toMatchObject(['EVENT', { message: 'still here' }]);
    await expectQuiet(walt);
  });

  it('is not taken back by a connection that came before', async () => {
    const older = new RoomsClient(await openRawLine(server.ws('/layout')));
    const newer = await enter({ turn: 2 });
    const refused = await older.call('JOIN', { room: 'r1', name: 'ann', memberKey: KEY, turn: 1 });
    expect(refused.body).toMatchObject({ code: 'overtaken' });
    await older.close();
    const walt = await follower();
    await notify(walt, 'hi');
    expect(await newer.client.next()).toMatchObject(['EVENT', { message: 'hi' }]);
  });

  it.each([[{ turn: 2 }], [{ turn: 3 }], [{}]])(
    'is taken by one that comes after 2, or does not count: %j',
    async (turn) => {
      const older = await enter({ turn: 2 });
      const newer = await enter(turn);
      const walt = await follower();
      await notify(walt, 'hi');
      expect(await newer.client.next()).toMatchObject(['EVENT', { message: 'hi' }]);
      await expectQuiet(older.client);
    },
  );

  it('lets its own connection join again, whatever it counts', async () => {
    const { client } = await enter({ turn: 2 });
    await joinRoom(client, { memberKey: KEY, turn: 1, presence: true });
  });

  it('can be taken back', async () => {
    const walt = await follower();
    const older = await enter();
    await presence(walt);
    const newer = await enter();
    await joinRoom(older.client, { memberKey: KEY });
    await newer.client.close();
    await notify(walt, 'hi');
    expect(await older.client.next()).toMatchObject(['EVENT', { message: 'hi' }]);
    await expectQuiet(walt, older.client);
  });

  it('tells of another name or info', async () => {
    const walt = await follower();
    const { answer } = await enter();
    await presence(walt);
    await enter({ name: 'anna' });
    expect(await presence(walt)).toMatchObject({ joins: [{ id: answer.id, name: 'anna' }], leaves: [] });
    await enter({ name: 'anna', info: { hat: 'red' } });
    expect(await presence(walt)).toMatchObject({ joins: [{ id: answer.id, info: { hat: 'red' } }] });
  });
});

describe('a connection that joins under another key', () => {
  it('is one member all the same, under the new id', async () => {
    const walt = await follower();
    const client = new RoomsClient(await openRawLine(server.ws('/layout')));
    await joinRoom(client, {});
    const plain = (await presence(walt)).joins[0]?.id;
    const { id } = await joinRoom(client, { memberKey: KEY });
    expect(await presence(walt)).toMatchObject({
      joins: [{ id }],
      leaves: [{ id: plain, cause: 'left' }],
      count: 2,
    });
    await notify(walt, 'hi');
    expect(await client.next()).toMatchObject(['EVENT', { message: 'hi' }]);
    await expectQuiet(client, walt);
  });
});
