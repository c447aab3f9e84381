import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { RoomplexServer } from '../server/roomplex-server.ts';
import type { RoomplexError } from './errors.ts';
import { connect } from './node.ts';
import { startBadProxy, startCuttingProxy } from './test/bad-proxy.ts';
import { codeOf } from './test/joined.ts';
import { createRoomplex, startRoomplex } from './test/roomplex.ts';
import { Inbox } from './test/scripted-server.ts';
import { hurriedEnvironment, startClient, told } from './test/setup.ts';
import type {
  Client,
  ConnectOptions,
  Room,
  RoomMessage,
  RoomPresenceChange,
  RoomStateChange,
  TransportName,
} from './types.ts';

/** Those that there are outside browsers. */
const TRANSPORTS: readonly TransportName[] = ['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'];

function open(url: string, options: ConnectOptions = {}): Client {
  const client = connect(url, options);
  onTestFinished(() => client.close());
  return client;
}

/** All messages of a room, to be waited for. */
function inboxOf(room: Room): Inbox<unknown> {
  const inbox = new Inbox<unknown>();
  room.on('message', (message) => {
    inbox.put(message.data);
  });
  return inbox;
}

let server: RoomplexServer;
let url: string;
let port: number;
beforeAll(async () => {
  ({ server, url, port } = await createRoomplex());
});
afterAll(() => server.close());

describe.each(TRANSPORTS)('over %s alone', (transport) => {
  it('a client joins, publishes, and hears 200 messages of its own and of another in one order', async () => {
    const client = open(url, { transports: [transport] });
    const other = open(url);
    const rooms = [client.room(transport, { name: 'ann' }), other.room(transport, { name: 'bob' })] as const;
    const inboxes = rooms.map(inboxOf);
    await Promise.all(rooms.map((room) => room.join()));
    expect(client.transport).toBe(transport);
    const said = Array.from({ length: 200 }, (_, i) => i);
    const accepted = await Promise.all(
      said.map((i) => (rooms[i % 2] ?? rooms[0]).publish({ number: i, text: '"ü日本😀\u2028' })),
    );
    const [mine, theirs] = await Promise.all(inboxes.map((inbox) => inbox.take(200)));
    expect(mine).toEqual(theirs);
    const numbers = (mine as { number: number }[]).map(({ number }) => number);
    expect(numbers.filter((number) => number % 2 === 0)).toEqual(said.filter((number) => number % 2 === 0));
    expect(numbers.toSorted((a, b) => a - b)).toEqual(said);
    const offsets = accepted.map(({ offset }) => offset);
    expect(offsets.toSorted((a, b) => a - b)).toEqual(said.map((i) => i + 1));
    expect(rooms[0].position).toEqual({ epoch: accepted[0]?.epoch, offset: 200 });
  });

  it('a channel takes any amount at once, in order', async () => {
    server.registerChannel(`scale ${transport}`).on('connection', (connection) => {
      connection.on('data', (text) => connection.write(`${text.split(',')[0]}: ${text.length}`));
    });
    const client = open(url, { transports: [transport] });
    const channel = client.channel(`scale ${transport}`);
    const inbox = new Inbox<string>();
    channel.on('message', (text) => {
      inbox.put(text);
    });
    // More than the server takes in one request body.
    const texts = Array.from({ length: 40 }, (_, i) => `${i},${'x'.repeat(50_000 + i)}`);
    for (const text of texts) channel.send(text);
    expect(await inbox.take(40)).toEqual(texts.map((text, i) => `${i}: ${text.length}`));
    expect(client.state).toBe('open');
  });

  it('a client recovers by itself when the server restarts in the middle', async () => {
    const { server: mortal, url: address, port: ownPort } = await startRoomplex();
    const client = startClient(address, { transports: [transport] });
    const room = client.room(transport, { name: 'ann' });
    const inbox = inboxOf(room);
    const gaps: unknown[] = [];
    room.on('gap', (gap) => gaps.push(gap.reason));
    await room.join();
    const before = await room.publish('before');
    const lost = told((listener) => client.on('transport', listener));
    const back = told((listener) => room.on('joined', () => listener(undefined)));
    // Nobody gets in any more while it says goodbye.
    mortal.httpServer.close();
    await mortal.close();
    mortal.httpServer.closeAllConnections();
    await lost;
    const publishing = room.publish('meanwhile');
    await startRoomplex(ownPort);
    await back;
    const after = await publishing;
    expect(after.epoch).not.toBe(before.epoch);
    expect(await inbox.take(2)).toEqual(['before', 'meanwhile']);
    expect(room.members).toEqual([{ id: room.memberId, name: 'ann' }]);
    expect(gaps).toEqual(['epoch-changed']);
    expect(client.transport).toBe(transport);
  });

  it('a message that is too large is refused, and nothing else is', async () => {
    const client = startClient(url, { transports: [transport] });
    const room = client.room(`large ${transport}`, { name: 'ann' });
    const inbox = inboxOf(room);
    await room.join();
    const outcomes = ['before', 'x'.repeat(200_000), 'y'.repeat(150_000), 'after'].map((said) =>
      codeOf(room.publish(said)),
    );
    expect(await Promise.all(outcomes)).toEqual([
      { resolved: { epoch: room.position?.epoch, offset: 1 } },
      'limit',
      'limit',
      { resolved: { epoch: room.position?.epoch, offset: 2 } },
    ]);
    expect(await inbox.take(2)).toEqual(['before', 'after']);
  });

  it('a client that is away for a moment is the same member, and nobody notices', async () => {
    const proxy = await startCuttingProxy(port);
    const client = startClient(`http://127.0.0.1:${proxy.port}/multiplex`, { transports: [transport] });
    const room = client.room(`away ${transport}`, { name: 'ann' });
    await room.join();
    const { memberId } = room;
    const theirs = open(url).room(`away ${transport}`, { name: 'bob' });
    const changes: unknown[] = [];
    await theirs.join();
    theirs.on('presence', (change) => changes.push(change));
    const back = told((listener) => room.on('joined', () => listener(undefined)));
    proxy.cut();
    // Over HTTP the session itself goes on.
    if (transport === 'websocket') await back;
    const heard = inboxOf(theirs);
    await room.publish('here again');
    expect(await heard.next()).toBe('here again');
    expect(changes).toEqual([]);
    expect(room.memberId).toBe(memberId);
    expect(theirs.members.map(({ id }) => id)).toEqual([memberId, theirs.memberId]);
  });

  it('a client sees others come and go', async () => {
    const client = open(url, { transports: [transport] });
    const room = client.room(transport, { name: 'ann', info: { hat: 'red' } });
    await room.join();
    const coming = told<object>((listener) => room.on('presence', listener));
    const other = open(url);
    const theirs = other.room(transport, { name: 'bob' });
    await theirs.join();
    const bob = { id: theirs.memberId, name: 'bob' };
    expect(await coming).toEqual({ joins: [bob], leaves: [] });
    expect(room.members).toEqual([{ id: room.memberId, name: 'ann', info: { hat: 'red' } }, bob]);
    expect(theirs.members).toEqual(room.members);
    const going = told<object>((listener) => room.on('presence', listener));
    await other.close();
    expect(await going).toEqual({ joins: [], leaves: [{ ...bob, cause: 'left' }] });
  });
});

describe('choosing a transport', () => {
  it('takes WebSocket where nothing stands in the way', async () => {
    const client = open(url);
    await client.ready();
    expect(client.transport).toBe('websocket');
  });

  it('goes on to the next best at once where upgrades are refused', async () => {
    const proxy = await startBadProxy(port, 'refuse');
    const client = open(`http://127.0.0.1:${proxy}/multiplex`);
    await client.ready();
    expect(client.transport).toBe('xhr-streaming');
    await client.room('refused').join();
  });

  it('goes on to the next best soon where upgrades are never answered', async () => {
    const proxy = await startBadProxy(port, 'swallow');
    const client = startClient(
      `http://127.0.0.1:${proxy}/multiplex`,
      { transports: ['websocket', 'xhr-streaming', 'xhr-polling'] },
      hurriedEnvironment,
    );
    await client.ready();
    expect(client.transport).toBe('xhr-streaming');
  });

  it('leaves WebSocket where it opens and then breaks again and again', async () => {
    const proxy = await startBadProxy(port, 'break');
    const client = startClient(`http://127.0.0.1:${proxy}/multiplex`, {
      transports: ['websocket', 'xhr-streaming'],
    });
    client.channel('latency');
    const seen: unknown[] = [];
    const settled = new Promise<void>((resolve) => {
      client.on('transport', (transport) => {
        seen.push(transport);
        if (transport === 'xhr-streaming') resolve();
      });
    });
    await settled;
    expect(seen).toEqual(['websocket', null, 'xhr-streaming']);
  });
});

describe('rooms and topics', () => {
  it('meet in one room: a topic’s payload is a string message, and back', async () => {
    const room = open(url).room('r1', { name: 'ann' });
    const channel = open(url).channel('r1');
    const ofRoom = inboxOf(room);
    const ofChannel = new Inbox<string>();
    channel.on('message', (text) => {
      ofChannel.put(text);
    });
    channel.send('x,y');
    expect(await ofChannel.next()).toBe('x,y');
    await room.join();
    channel.send('hi');
    expect(await ofRoom.next()).toBe('hi');
    await room.publish({ k: [1, 2] });
    expect(await ofChannel.take(2)).toEqual(['hi', '{"k":[1,2]}']);
  });
});

it('what is said to all others is no gap', async () => {
  const room = open(url).room('left-out', { name: 'ann' });
  const inbox = inboxOf(room);
  const gaps: unknown[] = [];
  room.on('gap', (gap) => gaps.push(gap));
  await room.join();
  const registered = server.registerRoom('left-out');
  await registered.broadcast('not for ann', { except: { id: room.memberId ?? '' } });
  await registered.broadcast('for all');
  expect(await inbox.next()).toBe('for all');
  expect(gaps).toEqual([]);
  expect(room.position?.offset).toBe(2);
});

describe('a client that is put out', () => {
  it.each([
    ['alone', (memberId: string) => server.eject('out', memberId)],
    ['with everybody else', () => server.closeRoom('out')],
  ])('%s is out, is told so, and may come back', async (_, putOut) => {
    const client = open(url);
    const room = client.room('out', { name: 'ann' });
    await room.join();
    const gone = told<RoomPresenceChange>((listener) => room.on('presence', listener));
    const failed = told<RoomplexError>((listener) => client.on('error', listener));
    putOut(room.memberId ?? '');
    expect((await gone).leaves).toEqual([{ id: expect.any(String), name: 'ann', cause: 'ejected' }]);
    expect((await failed).code).toBe('ejected');
    expect(room.isJoined).toBe(false);
    await room.join();
    await room.publish('here again');
  });
});

describe('what a room remembers', () => {
  it('comes to those who join later, as far as they want it, and page by page', async () => {
    const room = open(url).room('past', { name: 'ann' });
    await room.join();
    const numbers = Array.from({ length: 1500 }, (_, i) => i + 1);
    await Promise.all(numbers.map((number) => room.publish(number)));
    const late = open(url).room('past', { name: 'bob', history: 3 });
    const messages: RoomMessage[] = [];
    late.on('message', (message) => messages.push(message));
    const inbox = inboxOf(late);
    await late.join();
    await room.publish('live');
    await inbox.take(4);
    const heard = messages.map(({ data, replayed }) => [data, replayed]);
    expect(heard).toEqual([
      [1498, true],
      [1499, true],
      [1500, true],
      ['live', false],
    ]);
    const all = await late.history({ limit: 5000 });
    expect(all.map(({ data }) => data)).toEqual([...numbers, 'live']);
    expect(all.at(-1)).toEqual({ ...messages.at(-1), replayed: true });
    const page = await late.history({ before: 1001, limit: 2 });
    expect(page.map(({ data }) => data)).toEqual([999, 1000]);
    expect((await late.history({ after: 1499 })).map(({ data }) => data)).toEqual([1500, 'live']);
  });

  it('is a state that all see alike, with conditions', async () => {
    const [ann, bob] = ['ann', 'bob'].map((name) => open(url).room('state', { name }));
    if (ann === undefined || bob === undefined) throw new Error('two rooms are there');
    await ann.join();
    const first = await ann.state.set('topic', 'tea');
    await bob.join();
    expect(bob.state.entries()).toEqual([{ key: 'topic', value: 'tea', rev: first.rev }]);
    const changed = told<RoomStateChange>((listener) => ann.on('state', listener));
    const second = await bob.state.set('topic', 'soup', { ifRev: first.rev });
    const entries = [{ key: 'topic', value: 'soup', rev: second.rev }];
    expect(await changed).toEqual({ room: 'state', entries, by: bob.memberId, ...second });
    await expect(ann.state.set('topic', 'stew', { ifRev: first.rev })).rejects.toMatchObject({
      code: 'conflict',
      value: 'soup',
      rev: second.rev,
    });
    await expect(
      ann.state.change([
        { key: 'other', value: 1 },
        { key: 'topic', ifRev: 0 },
      ]),
    ).rejects.toMatchObject({ conflicts: entries });
    expect(ann.state.get('other')).toBeUndefined();
    await ann.state.delete('topic');
    expect(ann.state.entries()).toEqual([]);
  });

  it('counts right when many count at once', async () => {
    const rooms = Array.from({ length: 20 }, () => open(url).room('counter'));
    await Promise.all(rooms.map((room) => room.join()));
    const count = async (room: Room): Promise<void> => {
      for (let i = 0; i < 20; i++) await room.state.update('n', (n) => Number(n ?? 0) + 1);
    };
    await Promise.all(rooms.map(count));
    const [room] = rooms;
    await room?.state.set('end', true);
    expect(room?.state.get('n')).toBe(400);
  });
});

describe('values that nest deep', () => {
  const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

  it('keep nobody out of a room or its history, as long as the server reads them', async () => {
    const ann = open(url).room('deep', { name: 'ann', info: nested(62) });
    await ann.join();
    await ann.publish(nested(62));
    await ann.state.set('k', nested(60));
    const bob = open(url).room('deep', { name: 'bob' });
    await bob.join();
    expect(bob.members[0]).toEqual({ id: ann.memberId, name: 'ann', info: nested(62) });
    expect(bob.state.get('k')).toEqual(nested(60));
    expect((await bob.history()).map(({ data }) => data)).toEqual([nested(62)]);
  });

  it('are refused at once where they nest deeper', async () => {
    const client = open(url);
    const room = client.room('deeper');
    await room.join();
    const asked = [room.publish(nested(63)), room.state.set('k', nested(61))];
    asked.push(room.publish('after'));
    const outcomes = await Promise.all(asked.map(codeOf));
    const refused = client.room('deeper still', { info: nested(63) }).join();
    expect(await codeOf(refused)).toBe('bad-request');
    expect(outcomes).toEqual(['bad-request', 'bad-request', { resolved: room.position }]);
  });
});
