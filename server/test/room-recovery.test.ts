import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JoinAnswer, Position } from '../../protocol/rooms.ts';
import { ENGINES, newStore } from './support/engines.ts';
import { enterRoom, joinRoom, notify } from './support/enter-room.ts';
import { expectQuiet } from './support/fence.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { WAYS } from './support/ways.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;

const open = async (): Promise<RoomsClient> => new RoomsClient(await openRawLine(server.ws('/layout')));

/** Somebody in a room who has said 1 to `count`, and where the stream stood before. */
async function speaker(count: number, room = 'r1') {
  const bob = await open();
  const { epoch = '' } = await joinRoom(bob, { room, name: 'bob', positions: true });
  const say = async (...messages: number[]): Promise<void> => {
    for (const message of messages) await bob.call('NOTIFY', { room, message });
  };
  await say(...numbers(1, count));
  return { bob, epoch, say };
}

const numbers = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(to - from + 1, 0) }, (_, index) => from + index);

async function comeBack(recover: Position, request: object = {}) {
  const { client, answer } = await enterRoom(await openRawLine(server.ws('/layout')), {
    recover,
    ...request,
  });
  /** The offsets of the next messages, each of which says its own. */
  const offsets = async (count: number): Promise<unknown[]> => {
    const events = await client.events(count);
    for (const { message, offset } of events) expect(message).toBe(offset);
    return events.map(({ offset }) => offset);
  };
  return { client, answer, offsets };
}

describe.each(ENGINES)('recovery, with $engine', ({ options }) => {
  beforeEach(async () => {
    server = await start(options());
  });

  it('brings everything after the position, in order, and then what is said from now on', async () => {
    const { bob, epoch, say } = await speaker(5);
    const { client, answer, offsets } = await comeBack({ epoch, offset: 2 });
    expect(answer).toEqual({ id: expect.any(String), epoch, offset: 5, recovered: true });
    await say(6);
    expect(await offsets(4)).toEqual([3, 4, 5, 6]);
    await expectQuiet(client, bob);
  });

  it('brings nothing to who has missed nothing', async () => {
    const { epoch, say } = await speaker(5);
    const { client, answer, offsets } = await comeBack({ epoch, offset: 5 });
    expect(answer).toMatchObject({ offset: 5, recovered: true });
    await expectQuiet(client);
    await say(6);
    expect(await offsets(1)).toEqual([6]);
  });

  it('goes before history', async () => {
    const { epoch } = await speaker(5);
    const { client, offsets } = await comeBack({ epoch, offset: 3 }, { history: 5 });
    expect(await offsets(2)).toEqual([4, 5]);
    await expectQuiet(client);
  });

  it('says how many are trimmed, and brings all that followed', async () => {
    server = await start({ ...options(), limits: { history: 3 } });
    const { epoch } = await speaker(10);
    const { client, answer, offsets } = await comeBack({ epoch, offset: 2 });
    expect(answer).toMatchObject({
      offset: 10,
      recovered: false,
      gap: { reason: 'trimmed', missing: 5 },
    });
    expect(await offsets(3)).toEqual([8, 9, 10]);
    await expectQuiet(client);
  });

  it('says that the room has another stream, and brings what is said from now on', async () => {
    const { epoch } = await speaker(5);
    server.roomplex.closeRoom('r1');
    const { epoch: other, say } = await speaker(3);
    expect(other).not.toBe(epoch);
    const { client, answer, offsets } = await comeBack({ epoch, offset: 2 });
    expect(answer).toEqual({
      id: expect.any(String),
      epoch: other,
      offset: 3,
      recovered: false,
      gap: { reason: 'epoch-changed', missing: null },
    });
    await expectQuiet(client);
    await say(4);
    expect(await offsets(1)).toEqual([4]);
  });

  it('says that the stream is shorter than the position', async () => {
    const { epoch, say } = await speaker(5);
    const { client, answer, offsets } = await comeBack({ epoch, offset: 6 });
    expect(answer).toMatchObject({
      offset: 5,
      recovered: false,
      gap: { reason: 'rolled-back', missing: null },
    });
    await expectQuiet(client);
    await say(6);
    expect(await offsets(1)).toEqual([6]);
  });

  it('leaves out what the member said itself, unless it hears itself', async () => {
    const { epoch, say } = await speaker(1);
    const memberKey = 'a key that nobody guesses';
    for (const echo of [false, true]) {
      const { client: ann } = await enterRoom(await openRawLine(server.ws('/layout')), { memberKey, echo });
      await notify(ann, echo ? 'heard' : 'not heard');
      await ann.close();
    }
    await say(4);
    const { client } = await enterRoom(await openRawLine(server.ws('/layout')), {
      memberKey,
      recover: { epoch, offset: 0 },
      echo: true,
    });
    expect((await client.events(3)).map(({ message }) => message)).toEqual([1, 'heard', 4]);
    await expectQuiet(client);
  });

  it.each([
    [null, 'recover must have an epoch and an offset'],
    ['e', 'recover must have an epoch and an offset'],
    [{ offset: 1 }, 'recover must have an epoch and an offset'],
    [{ epoch: 5, offset: 1 }, 'recover must have an epoch and an offset'],
    [{ epoch: 'e' }, 'the offset to recover from must be a whole number, 0 or more'],
    [{ epoch: 'e', offset: -1 }, 'the offset to recover from must be a whole number, 0 or more'],
    [{ epoch: 'e', offset: '1' }, 'the offset to recover from must be a whole number, 0 or more'],
  ])('from %j is refused', async (recover, reason) => {
    const ann = await open();
    const { kind, body } = await ann.call('JOIN', { room: 'r1', name: 'ann', recover });
    expect([kind, body]).toMatchObject(['ERROR', { event: 'JOIN', code: 'bad-request', reason }]);
    expect(await ann.ask('CLIENTS', { room: 'r1' })).toEqual(['CLIENTS', { room: 'r1', clients: [] }]);
  });

  it.each([[-1], [1.5], ['5'], [true], [{}]])('with a history of %j is refused', async (history) => {
    const ann = await open();
    expect((await ann.call('JOIN', { room: 'r1', name: 'ann', history })).body).toMatchObject({
      code: 'bad-request',
      reason: 'history must be a whole number, 0 or more',
    });
  });
});

describe('recovery across a restart', () => {
  it('is exact with a store', async () => {
    const data = newStore();
    server = await start({ data });
    const { epoch } = await speaker(5);
    await server.close();
    server = await start({ data });
    const { client, answer, offsets } = await comeBack({ epoch, offset: 2 });
    expect(answer).toMatchObject({ epoch, offset: 5, recovered: true });
    expect(await offsets(3)).toEqual([3, 4, 5]);
    await expectQuiet(client);
  });

  it('is not possible without one, and says so', async () => {
    server = await start();
    const { epoch } = await speaker(5);
    await server.close();
    server = await start();
    const { answer } = await comeBack({ epoch, offset: 2 });
    expect(answer).toMatchObject({ offset: 0, gap: { reason: 'epoch-changed', missing: null } });
  });
});

describe('recovery across a change of transport', () => {
  beforeAll(async () => {
    server = await start();
  });

  const changes = WAYS.map((way, index) => [way, WAYS[(index + 1) % WAYS.length] as typeof way] as const);

  it.each(changes)('from $0.name to $1.name is exact', async (from, to) => {
    const room = `from ${from.name} to ${to.name}`;
    const { bob, epoch, say } = await speaker(0, room);
    const before = await enterRoom(await from.open(server, 'layout'), { room, positions: true });
    await say(1, 2);
    expect(await before.client.events(2)).toMatchObject([{ offset: 1 }, { offset: 2 }]);
    await before.client.close();
    await say(...numbers(3, 40));
    const request = { room, recover: { epoch, offset: 2 } };
    const { client, answer } = await enterRoom(await to.open(server, 'layout'), request);
    expect(answer).toMatchObject({ offset: 40, recovered: true } satisfies JoinAnswer);
    await say(41);
    expect((await client.events(39)).map(({ message }) => message)).toEqual(numbers(3, 41));
    await client.close();
    await bob.close();
  });
});
