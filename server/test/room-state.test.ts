import { beforeEach, describe, expect, it } from 'vitest';
import type { Refusal, SetEntry, StateChange } from '../../protocol/rooms.ts';
import { HubError } from '../hub/errors.ts';
import { DOORS } from './support/doors.ts';
import { ENGINES, newStore } from './support/engines.ts';
import { enterRoom, joinRoom, notify } from './support/enter-room.ts';
import { expectQuiet } from './support/fence.ts';
import { RoomsClient, type Called } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;

/** A member of r1 that follows its state. */
const enter = async (request: object = {}) =>
  enterRoom(await openRawLine(server.ws('/layout')), { state: true, ...request });

const set = (client: RoomsClient, entries: readonly SetEntry[], more: object = {}): Promise<Called> =>
  client.call('SET', { room: 'r1', entries, ...more });

/** What a follower is told next. */
async function change(client: RoomsClient): Promise<StateChange> {
  const [event, body] = await client.next();
  expect(event).toBe('STATE');
  return body as StateChange;
}

describe.each(ENGINES)('the state of a room, with $engine', ({ options }) => {
  beforeEach(async () => {
    server = await start(options());
  });

  it.each(DOORS)('is given and told to who asks for it, through $name', async (door) => {
    const { client: bob, answer: empty } = await enter({ name: 'bob' });
    expect(empty).toEqual({ id: expect.any(String), epoch: expect.any(String), rev: 0, state: [] });
    const ann = await enterRoom(await door.open(server, 'layout'), { state: true });
    const { id, epoch } = ann.answer;
    const first = await set(ann.client, [
      { key: 'topic', value: 'tea' },
      { key: 'ü', value: { list: [null] } },
    ]);
    expect(first).toMatchObject({ kind: 'ACK', body: { epoch, rev: 1 } });
    const told = {
      room: 'r1',
      entries: [
        { key: 'topic', value: 'tea' },
        { key: 'ü', value: { list: [null] } },
      ],
      by: id,
      epoch,
      rev: 1,
      at: expect.any(Number),
    };
    expect(first.before).toEqual([['STATE', told]]);
    expect(await change(bob)).toEqual(told);
    const second = await set(bob, [{ key: 'topic' }, { key: 'none', value: null }]);
    expect(second.body).toEqual({ epoch, rev: 2 });
    expect(await change(ann.client)).toMatchObject({
      entries: [{ key: 'topic' }, { key: 'none', value: null }],
      by: empty.id,
      rev: 2,
    });
    const { answer } = await enter({ name: 'cat' });
    expect(answer).toMatchObject({
      rev: 2,
      state: [
        { key: 'ü', value: { list: [null] }, rev: 1 },
        { key: 'none', value: null, rev: 2 },
      ],
    });
    await expectQuiet(ann.client);
  });

  it('is told to nobody who did not ask, and to nobody any more who asks no longer', async () => {
    const { client: ann } = await enter();
    const { client: plain } = await enterRoom(await openRawLine(server.ws('/layout')), {
      positions: true,
      presence: true,
    });
    await plain.fence();
    await set(ann, [{ key: 'k', value: 1 }]);
    await joinRoom(ann, {});
    await set(plain, [{ key: 'k', value: 2 }]);
    await expectQuiet(ann, plain);
  });

  it('changes under conditions, and says how things are where they do not hold', async () => {
    const { client: ann, answer } = await enter();
    const { epoch } = answer;
    expect((await set(ann, [{ key: 'k', value: 'a', ifRev: 0 }], { epoch })).body).toMatchObject({ rev: 1 });
    const refused = await set(ann, [
      { key: 'k', value: 'b', ifRev: 0 },
      { key: 'l', value: 'b', ifRev: 4 },
      { key: 'm', value: 'b' },
    ]);
    expect(refused.kind).toBe('ERROR');
    expect(refused.body).toEqual({
      event: 'SET',
      id: expect.any(String),
      code: 'conflict',
      reason: 'changed meanwhile: "k", "l"',
      epoch,
      conflicts: [
        { key: 'k', value: 'a', rev: 1 },
        { key: 'l', rev: 0 },
      ],
    });
    expect((await set(ann, [{ key: 'k', ifRev: 1 }])).body).toMatchObject({ rev: 2 });
    expect((await set(ann, [{ key: 'k', value: 'c', ifRev: 1 }])).body).toMatchObject({
      conflicts: [{ key: 'k', rev: 2 }],
    });
    expect((await set(ann, [{ key: 'k', value: 'c', ifRev: 0 }])).body).toMatchObject({ rev: 3 });
    const { answer: after } = await enter({ name: 'bob' });
    expect(after.state).toEqual([{ key: 'k', value: 'c', rev: 3 }]);
  });

  it('holds no condition of another epoch', async () => {
    const { client: ann } = await enter();
    await set(ann, [{ key: 'k', value: 'a' }]);
    const refused = await set(ann, [{ key: 'k', value: 'b', ifRev: 1 }], { epoch: 'other' });
    expect(refused.body).toMatchObject({ code: 'conflict', conflicts: [{ key: 'k', value: 'a', rev: 1 }] });
    expect((await set(ann, [{ key: 'k', value: 'b' }], { epoch: 'other' })).body).toMatchObject({ rev: 2 });
  });

  it('counts to a hundred when ten count at once', async () => {
    const members = await Promise.all(Array.from({ length: 10 }, (_, n) => enter({ name: `m${n}` })));
    await Promise.all(
      members.map(async ({ client }) => {
        let [value, ifRev] = [0, 0];
        for (let counted = 0; counted < 10;) {
          const { kind, body } = await set(client, [{ key: 'count', value: value + 1, ifRev }]);
          if (kind === 'ACK') counted++;
          const now =
            kind === 'ACK'
              ? { value: value + 1, rev: (body as { rev: number }).rev }
              : (body as Refusal).conflicts?.[0];
          [value, ifRev] = [now?.value as number, now?.rev ?? 0];
        }
      }),
    );
    const { answer } = await enter({ name: 'last' });
    expect(answer.state).toEqual([{ key: 'count', value: 100, rev: 100 }]);
  });

  it('is for members', async () => {
    const client = new RoomsClient(await openRawLine(server.ws('/layout')));
    expect((await set(client, [{ key: 'k', value: 1 }])).body).toMatchObject({
      event: 'SET',
      code: 'not-a-member',
    });
    await joinRoom(client, {});
    await client.ask('LEAVE', { room: 'r1' });
    expect((await set(client, [{ key: 'k', value: 1 }])).body).toMatchObject({ code: 'not-a-member' });
  });

  it.each([
    [{ entries: undefined }, 'entries must be a list that is not empty'],
    [{ entries: [] }, 'entries must be a list that is not empty'],
    [{ entries: { key: 'k' } }, 'entries must be a list that is not empty'],
    [{ entries: [null] }, 'the key of an entry must be a string'],
    [{ entries: ['k'] }, 'the key of an entry must be a string'],
    [{ entries: [{ value: 1 }] }, 'the key of an entry must be a string'],
    [{ entries: [{ key: 5 }] }, 'the key of an entry must be a string'],
    [{ entries: [{ key: 'k', ifRev: -1 }] }, 'ifRev must be a whole number, 0 or more'],
    [{ entries: [{ key: 'k', ifRev: '1' }] }, 'ifRev must be a whole number, 0 or more'],
    [{ entries: [{ key: 'k', ifRev: null }] }, 'ifRev must be a whole number, 0 or more'],
    [{ entries: [{ key: 'k' }], epoch: 5 }, 'epoch must be a string'],
    [{ entries: [{ key: 'k' }], room: '' }, 'room must be a string that is not empty'],
  ])('refuses %j', async (request, reason) => {
    const { client } = await enter();
    const { body } = await client.call('SET', { room: 'r1', ...request });
    expect(body).toMatchObject({ event: 'SET', code: 'bad-request', reason });
    await expectQuiet(client);
  });

  it('has limits, and nothing happens beyond them', async () => {
    server = await start({ ...options(), limits: { stateKeys: 2, stateBytes: 100 } });
    const { client } = await enter();
    const three = ['a', 'b', 'c'].map((key) => ({ key, value: 1 }));
    expect((await set(client, three)).body).toMatchObject({
      code: 'limit',
      reason: 'a state has at most 2 keys',
    });
    expect((await set(client, [{ key: 'a', value: 'x'.repeat(100) }])).body).toMatchObject({
      code: 'limit',
      reason: 'a state has at most 100 bytes',
    });
    await expectQuiet(client);
    expect((await enter({ name: 'bob' })).answer).toMatchObject({ rev: 0, state: [] });
  });

  it('is changed by server code too, under the same conditions', async () => {
    const { client: ann, answer } = await enter();
    const { epoch } = answer;
    expect(await server.roomplex.change('r1', [{ key: 'k', value: 1, ifRev: 0 }])).toEqual({ epoch, rev: 1 });
    expect(await change(ann)).toMatchObject({ entries: [{ key: 'k', value: 1 }], by: null, rev: 1 });
    await expect(
      (async () => server.roomplex.change('r1', [{ key: 'k', value: 2, ifRev: 0 }]))(),
    ).rejects.toMatchObject({ code: 'conflict', conflicts: [{ key: 'k', value: 1, rev: 1 }] });
  });

  it('is not part of the stream of messages', async () => {
    const { client: ann } = await enter({ positions: true });
    await notify(ann, 'one');
    await set(ann, [{ key: 'k', value: 1 }]);
    const { body } = await ann.call('NOTIFY', { room: 'r1', message: 'two' });
    expect(body).toMatchObject({ offset: 2 });
  });

  it('outlives its members, and not its room', async () => {
    const { client: ann } = await enter();
    await set(ann, [{ key: 'k', value: 1 }]);
    await ann.call('LEAVE', { room: 'r1' });
    const { client: bob, answer } = await enter({ name: 'bob' });
    expect(answer.state).toEqual([{ key: 'k', value: 1, rev: 1 }]);
    server.roomplex.closeRoom('r1');
    await bob.fence();
    const { answer: after } = await enter({ name: 'cat' });
    expect(after).toMatchObject({ rev: 0, state: [] });
    expect(after.epoch).not.toBe(answer.epoch);
  });
});

describe('a change hook', () => {
  it('may refuse what SET asks for, or change something else, which STATE tells', async () => {
    server = await start({
      hooks: {
        change: ({ roomChanges }) => {
          const [entry] = roomChanges ?? [];
          if (entry?.key === 'locked') throw new HubError('forbidden', 'that stays as it is');
          return { roomChanges: [{ key: 'seen', value: String(entry?.value).toUpperCase() }] };
        },
      },
    });
    const { client: ann } = await enter();
    expect((await set(ann, [{ key: 'locked', value: 1 }])).body).toMatchObject({
      code: 'forbidden',
      reason: 'that stays as it is',
    });
    const changed = await set(ann, [{ key: 'k', value: 'soup' }]);
    expect(changed.before).toMatchObject([['STATE', { entries: [{ key: 'seen', value: 'SOUP' }] }]]);
    expect(changed.body).toMatchObject({ rev: 1 });
  });

  it('that answers after the room was closed changes nothing, and the client is told', async () => {
    let answer: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    let wasAsked: () => void = () => undefined;
    const question = new Promise<void>((resolve) => (wasAsked = resolve));
    server = await start({
      hooks: {
        change: () => {
          wasAsked();
          return asked;
        },
      },
    });
    const { client: ann } = await enter();
    const refused = set(ann, [{ key: 'k', value: 1 }]);
    await question;
    server.roomplex.closeRoom('r1');
    answer();
    expect((await refused).body).toMatchObject({ event: 'SET', code: 'not-a-member' });
    expect(server.roomplex.room('r1')).toBeUndefined();
  });
});

describe('the state of a room across a restart', () => {
  it('is what it was, with a store', async () => {
    const data = newStore();
    server = await start({ data });
    const { client: ann, answer } = await enter();
    await set(ann, [
      { key: 'a', value: { b: [1, 'ü'] } },
      { key: 'c', value: '' },
    ]);
    await set(ann, [{ key: 'c' }]);
    await server.close();
    server = await start({ data });
    const { client: again, answer: after } = await enter();
    expect(after).toMatchObject({
      epoch: answer.epoch,
      rev: 2,
      state: [{ key: 'a', value: { b: [1, 'ü'] }, rev: 1 }],
    });
    expect((await set(again, [{ key: 'c', value: 1, ifRev: 1 }])).body).toMatchObject({
      conflicts: [{ key: 'c', rev: 2 }],
    });
  });
});
