import { beforeEach, describe, expect, it } from 'vitest';
import type { HistoryAnswer, Refusal } from '../../protocol/rooms.ts';
import { DOORS } from './support/doors.ts';
import { ENGINES } from './support/engines.ts';
import { enterRoom, joinRoom, notify } from './support/enter-room.ts';
import { expectQuiet } from './support/fence.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;

const open = async (gateway = 'layout'): Promise<RoomsClient> =>
  new RoomsClient(await openRawLine(server.ws(`/${gateway}`)));

async function history(client: RoomsClient, request: object): Promise<HistoryAnswer> {
  const { kind, body } = await client.call('HISTORY', { room: 'r1', ...request });
  expect(kind).toBe('ACK');
  return body as HistoryAnswer;
}

async function page(client: RoomsClient, request: object): Promise<unknown[]> {
  return (await history(client, request)).messages.map(({ message }) => message);
}

async function refusal(client: RoomsClient, request: object): Promise<Refusal> {
  const { kind, body } = await client.call('HISTORY', request);
  expect(kind).toBe('ERROR');
  return body as Refusal;
}

/** Somebody in the room who has said 1 to `count`. */
async function speaker(count: number): Promise<RoomsClient> {
  const client = await open();
  await joinRoom(client, { name: 'bob' });
  for (let n = 1; n <= count; n++) await notify(client, n);
  return client;
}

describe.each(ENGINES)('with $engine', ({ options }) => {
  beforeEach(async () => {
    server = await start(options());
  });

  describe.each(DOORS)('history in a JOIN, through $name', (door) => {
    it('brings the latest messages before the live ones, without a seam', async () => {
      const bob = await speaker(5);
      const { client, answer } = await enterRoom(await door.open(server, 'layout'), { history: 3 });
      expect(answer).toEqual({ id: expect.any(String), epoch: expect.any(String), offset: 5 });
      await notify(bob, 6);
      const { epoch } = answer;
      const rest = { sender: 'bob', room: 'r1', id: expect.any(String), epoch, at: expect.any(Number) };
      expect(await client.events(4)).toEqual([3, 4, 5, 6].map((n) => ({ ...rest, message: n, offset: n })));
      await expectQuiet(client);
    });

    it('is no more than there is, and nothing where nothing was said', async () => {
      const { client, answer } = await enterRoom(await door.open(server, 'layout'), { history: 100 });
      expect(answer.offset).toBe(0);
      await expectQuiet(client);
      await speaker(2);
      expect(await client.events(2)).toMatchObject([{ message: 1 }, { message: 2 }]);
      const late = await enterRoom(await door.open(server, 'layout'), { history: Number.MAX_SAFE_INTEGER });
      expect(await late.client.events(2)).toMatchObject([{ offset: 1 }, { offset: 2 }]);
      await expectQuiet(client, late.client);
    });
  });

  describe('HISTORY', () => {
    it('shows what was said as it was said, by whomever', async () => {
      const bob = await speaker(1);
      await server.roomplex.registerRoom('r1').broadcast('from outside');
      const { client, answer } = await enterRoom(await openRawLine(server.ws('/layout')), {
        positions: true,
      });
      await notify(client, { k: [null, 'ü'] });
      await client.call('NOTIFY', { room: 'r1' });
      const { epoch, first, messages } = await history(client, {});
      expect([epoch, first]).toEqual([answer.epoch, 1]);
      expect(messages).toEqual([
        { sender: 'bob', message: 1, id: expect.any(String), offset: 1, at: expect.any(Number) },
        { sender: 'server', message: 'from outside', offset: 2, at: expect.any(Number) },
        { sender: 'ann', message: { k: [null, 'ü'] }, id: answer.id, offset: 3, at: expect.any(Number) },
        { sender: 'ann', id: answer.id, offset: 4, at: expect.any(Number) },
      ]);
      expect((await history(bob, {})).messages).toEqual(messages);
    });

    it('is read to both ends', async () => {
      const bob = await speaker(10);
      expect(await page(bob, { limit: 3 })).toEqual([8, 9, 10]);
      expect(await page(bob, { limit: 3, before: 8 })).toEqual([5, 6, 7]);
      expect(await page(bob, { limit: 5, before: 5 })).toEqual([1, 2, 3, 4]);
      expect(await page(bob, { before: 1 })).toEqual([]);
      expect(await page(bob, { after: 0, limit: 4 })).toEqual([1, 2, 3, 4]);
      expect(await page(bob, { after: 9, limit: 4 })).toEqual([10]);
      expect(await page(bob, { after: 10 })).toEqual([]);
      expect(await page(bob, { after: 10_000 })).toEqual([]);
      expect(await page(bob, { limit: 0 })).toEqual([]);
      expect(await page(bob, {})).toHaveLength(10);
    });

    it('shows nobody what was meant for all others', async () => {
      const bob = await speaker(1);
      const { client: ann, answer } = await enterRoom(await openRawLine(server.ws('/layout')), {
        positions: true,
      });
      const room = server.roomplex.registerRoom('r1');
      await room.broadcast('not for ann', { except: { id: answer.id ?? '' } });
      expect(await ann.next()).toMatchObject(['POSITION', { room: 'r1', offset: 2 }]);
      await notify(bob, 3);
      expect(await ann.events(1)).toMatchObject([{ message: 3, offset: 3 }]);
      expect(await page(ann, {})).toEqual([1, 3]);
      expect(await page(bob, {})).toEqual([1, 'not for ann', 3]);
      const again = await enterRoom(await openRawLine(server.ws('/layout')), { history: 10, name: 'cat' });
      expect((await again.client.events(3)).map(({ message }) => message)).toEqual([1, 'not for ann', 3]);
    });

    it('is for members', async () => {
      const bob = await speaker(1);
      const stranger = await open();
      expect(await refusal(stranger, { room: 'r1' })).toMatchObject({ code: 'not-a-member' });
      await bob.ask('LEAVE', { room: 'r1' });
      expect(await refusal(bob, { room: 'r1' })).toMatchObject({ event: 'HISTORY', code: 'not-a-member' });
      await joinRoom(stranger, { room: 'r2' });
      expect(await refusal(stranger, { room: 'r1' })).toMatchObject({ code: 'not-a-member' });
    });

    it.each([
      [{ room: '' }, 'room must be a string that is not empty'],
      [{ room: 'r1', before: 1, after: 1 }, 'before and after exclude each other'],
      [{ room: 'r1', before: -1 }, 'before must be a whole number, 0 or more'],
      [{ room: 'r1', before: null }, 'before must be a whole number, 0 or more'],
      [{ room: 'r1', after: '1' }, 'after must be a whole number, 0 or more'],
      [{ room: 'r1', after: 1.5 }, 'after must be a whole number, 0 or more'],
      [{ room: 'r1', limit: 2 ** 53 }, 'limit must be a whole number, 0 or more'],
      [{ room: 'r1', limit: [1] }, 'limit must be a whole number, 0 or more'],
    ])('refuses %j', async (request, reason) => {
      const bob = await speaker(0);
      expect(await refusal(bob, request)).toMatchObject({ event: 'HISTORY', code: 'bad-request', reason });
    });

    it('is there on /bus too, and each room has its own', async () => {
      const [ann, bob] = [await open('bus'), await speaker(1)];
      await joinRoom(ann, {});
      expect(await page(ann, {})).toEqual([]);
      await notify(ann, 'bus');
      expect([await page(ann, {}), await page(bob, {})]).toEqual([['bus'], [1]]);
    });
  });

  it('keeps and shows no more than the limits say', async () => {
    server = await start({ ...options(), limits: { history: 5, page: 2 } });
    const bob = await speaker(8);
    expect(await history(bob, {})).toMatchObject({ first: 4, messages: [{ offset: 7 }, { offset: 8 }] });
    expect(await page(bob, { after: 0 })).toEqual([4, 5]);
    const { client } = await enterRoom(await openRawLine(server.ws('/layout')), { history: 100 });
    expect((await client.events(5)).map(({ message }) => message)).toEqual([4, 5, 6, 7, 8]);
    await expectQuiet(client);
  });

  it('cuts pages by size, and there is more as long as they do not reach the ends', async () => {
    const bob = await speaker(0);
    const texts = Array.from({ length: 12 }, (_, n) => `${n}`.padEnd(100_000, '.'));
    await notify(bob, ...texts);
    const read: unknown[] = [];
    for (let after = 0; read.length < 12;) {
      const { messages } = await history(bob, { after });
      expect(messages.length).toBeGreaterThan(0);
      expect(messages.length).toBeLessThan(12);
      read.push(...messages.map(({ message }) => message));
      after = messages.at(-1)?.offset ?? 0;
    }
    expect(read).toEqual(texts);
  });
});
