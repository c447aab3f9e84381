import { describe, expect, it } from 'vitest';
import type { RoomplexError } from '../errors.ts';
import { ManualClock } from '../test/manual-clock.ts';
import type { Peer, ScriptedServer } from '../test/scripted-server.ts';
import { eagerEnvironment, startClient, startPair, startServer, told } from '../test/setup.ts';
import type { Client, Room, RoomMessage, RoomOptions } from '../types.ts';

const ANN = { id: 'm1', name: 'ann' };
const BOB = { id: 'm2', name: 'bob' };

interface Answer {
  readonly id?: string;
  readonly epoch?: string;
  readonly offset?: number;
  readonly members?: readonly object[];
}

/** Plays the server for one JOIN. */
async function acceptJoin(peer: Peer, answer: Answer = {}): Promise<Record<string, unknown>> {
  const join = await peer.nextVerb();
  expect(join.event).toBe('JOIN');
  peer.sayVerb('ACK', join.id, { id: 'm1', epoch: 'e', offset: 0, members: [ANN], ...answer });
  return join.body;
}

interface Joined {
  readonly server: ScriptedServer;
  readonly client: Client;
  readonly peer: Peer;
  readonly room: Room;
}

/** A client that is in a room. */
async function startJoined(answer?: Answer, options: RoomOptions = { name: 'ann' }): Promise<Joined> {
  const pair = await startPair();
  const room = pair.client.room('r', options);
  const joining = room.join();
  expect(await pair.peer.messages.next()).toBe('sub,layout');
  await acceptJoin(pair.peer, answer);
  await joining;
  return { ...pair, room };
}

/** Notes what a room tells, in order. */
function record(room: Room): unknown[] {
  const events: unknown[] = [];
  room.on('joined', () => events.push('joined'));
  room.on('message', (message) => events.push(message.data));
  room.on('presence', (change) => events.push(change));
  room.on('gap', (gap) => events.push(gap));
  return events;
}

function event(offset: number, message: unknown, epoch = 'e'): [string, object] {
  return ['EVENT', { sender: 'bob', room: 'r', message, id: 'm2', epoch, offset, at: 5 }];
}

function nextMessage(room: Room): Promise<RoomMessage> {
  return told((listener) => room.on('message', listener));
}

/** Resolves when this is said in the room. */
function hearing(room: Room, data: unknown): Promise<void> {
  return new Promise((resolve) => {
    room.on('message', (message) => {
      if (message.data === data) resolve();
    });
  });
}

function nextJoined(room: Room): Promise<unknown> {
  return told((listener) => room.on('joined', () => listener(undefined)));
}

/** Cuts the line and plays the server until it has the room's JOIN answered again. */
async function comeBack(joined: Joined, answer?: Answer): Promise<Peer> {
  const again = nextJoined(joined.room);
  joined.peer.cut();
  const next = await joined.server.greeted();
  expect(await next.messages.next()).toBe('sub,layout');
  await acceptJoin(next, answer);
  await again;
  return next;
}

describe('joining a room', () => {
  it('asks for all additions and resolves with the server’s answer', async () => {
    const { client, peer } = await startPair();
    const room = client.room('kitchen', { name: 'ann', info: { avatar: 'a' } });
    expect([room.isJoined, room.memberId, room.members, room.position]).toEqual([false, null, [], null]);
    const joining = room.join();
    expect(await peer.messages.next()).toBe('sub,layout');
    const body = await acceptJoin(peer, { offset: 7, members: [BOB, ANN] });
    await joining;
    expect(body).toEqual({
      room: 'kitchen',
      name: 'ann',
      info: { avatar: 'a' },
      positions: true,
      echo: true,
      presence: true,
    });
    expect([room.isJoined, room.memberId, room.members, room.position]).toEqual([
      true,
      'm1',
      [BOB, ANN],
      { epoch: 'e', offset: 7 },
    ]);
  });

  it('is a guest without a name', async () => {
    const { client, peer } = await startPair();
    const joining = client.room('r').join();
    await peer.messages.next();
    const body = await acceptJoin(peer);
    await joining;
    expect(body).toEqual({
      room: 'r',
      name: 'guest',
      positions: true,
      echo: true,
      presence: true,
    });
  });

  it('loses no message that came in the same packet as the answer', async () => {
    const { client, peer } = await startPair();
    const room = client.room('r');
    const joining = room.join();
    await peer.messages.next();
    const { id } = await peer.nextVerb();
    const [verb, body] = event(1, 'first');
    peer.say(
      `msg,layout,${JSON.stringify(['ACK', id, { id: 'm1', epoch: 'e', offset: 0, members: [] }])}`,
      `msg,layout,${JSON.stringify([verb, body])}`,
      `msg,layout,${JSON.stringify(['PRESENCE', { room: 'r', joins: [BOB], leaves: [] }])}`,
    );
    await joining;
    const events = record(room);
    const heard = hearing(room, 'second');
    peer.sayVerb(...event(2, 'second'));
    await heard;
    expect(events).toEqual(['first', { joins: [BOB], leaves: [] }, 'second']);
  });

  it('rejects with the server’s refusal, and may be tried again', async () => {
    const { client, peer } = await startPair();
    const room = client.room('r', { name: '' });
    const joining = room.join();
    await peer.messages.next();
    const { id } = await peer.nextVerb();
    peer.sayVerb('ERROR', { event: 'JOIN', id, code: 'bad-request', reason: 'name is empty' });
    await expect(joining).rejects.toMatchObject({ code: 'bad-request', reason: 'name is empty' });
    expect(room.isJoined).toBe(false);
    const again = room.join();
    await acceptJoin(peer);
    await again;
    expect(room.isJoined).toBe(true);
  });

  it('waits for a connection', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const room = client.room('r');
    const joining = room.join();
    expect(room.join()).not.toBe(joining);
    const peer = await server.greeted();
    expect(await peer.messages.next()).toBe('sub,layout');
    await acceptJoin(peer);
    await joining;
    await room.join();
    client.channel('fence');
    expect(await peer.messages.next()).toBe('sub,fence');
  });

  it('goes on over the next connection when the first is lost before the answer', async () => {
    const { client, server, peer } = await startPair();
    const room = client.room('r');
    const joining = room.join();
    await peer.messages.next();
    await peer.nextVerb();
    peer.cut();
    const next = await server.greeted();
    expect(await next.messages.next()).toBe('sub,layout');
    await acceptJoin(next);
    await joining;
  });

  it('rejects when the server does not answer, and leaves to be sure', async () => {
    const clock = new ManualClock();
    const { client, peer } = await startPair({ heartbeatMs: 0 }, { ...eagerEnvironment, clock });
    const room = client.room('r');
    const joining = room.join();
    await peer.messages.next();
    const join = await peer.nextVerb();
    clock.advance(30_000);
    await expect(joining).rejects.toMatchObject({ code: 'timeout' });
    const leave = await peer.nextVerb();
    expect([leave.event, leave.body]).toEqual(['LEAVE', { room: 'r' }]);
    peer.sayVerb('ACK', join.id, { id: 'm1', epoch: 'e', offset: 0 });
    peer.sayVerb('ACK', leave.id);
    const again = room.join();
    await acceptJoin(peer, { id: 'm9' });
    await again;
    expect(room.memberId).toBe('m9');
  });

  it('rejects when the room is left meanwhile', async () => {
    const { client, peer } = await startPair();
    const room = client.room('r');
    const joining = room.join();
    await peer.messages.next();
    const join = await peer.nextVerb();
    const leaving = room.leave();
    await expect(joining).rejects.toMatchObject({ code: 'cancelled' });
    peer.sayVerb('ACK', join.id, { id: 'm1', epoch: 'e', offset: 0 });
    const leave = await peer.nextVerb();
    expect(leave.event).toBe('LEAVE');
    peer.sayVerb('ACK', leave.id);
    await leaving;
    expect(room.isJoined).toBe(false);
  });

  it('works for rooms whose names are those of object properties', async () => {
    const { client, peer } = await startPair();
    const room = client.room('__proto__');
    const joining = room.join();
    await peer.messages.next();
    expect((await acceptJoin(peer))['room']).toBe('__proto__');
    await joining;
    const message = nextMessage(room);
    peer.sayVerb('EVENT', { sender: 'bob', room: '__proto__', message: 1, epoch: 'e', offset: 1 });
    expect((await message).data).toBe(1);
  });
});

describe('a room with several holders', () => {
  it('is joined once and left by the last', async () => {
    const { client, peer, room } = await startJoined();
    const second = client.room('r', { name: 'ignored' });
    const ofSecond = record(second);
    expect([second.isJoined, second.members]).toEqual([false, []]);
    await second.join();
    expect([second.isJoined, second.memberId]).toEqual([true, 'm1']);
    const both = [nextMessage(room), nextMessage(second)];
    peer.sayVerb(...event(1, 'to both'));
    expect((await Promise.all(both)).map((message) => message.data)).toEqual(['to both', 'to both']);
    await room.leave();
    expect([room.isJoined, room.members, second.isJoined]).toEqual([false, [], true]);
    const only = nextMessage(second);
    peer.sayVerb(...event(2, 'to the second'));
    await only;
    const leaving = second.leave();
    const leave = await peer.nextVerb();
    expect(leave.event).toBe('LEAVE');
    peer.sayVerb('ACK', leave.id);
    await leaving;
    await second.leave();
    expect(ofSecond).toEqual(['joined', 'to both', 'to the second']);
  });

  it('tells only those who joined', async () => {
    const { client, peer, room } = await startJoined();
    const outsider = record(client.room('r'));
    const message = nextMessage(room);
    peer.sayVerb(...event(1, 'x'));
    await message;
    expect(outsider).toEqual([]);
  });
});

describe('messages of a room', () => {
  it('come with sender, position and time', async () => {
    const { peer, room } = await startJoined();
    const message = nextMessage(room);
    peer.sayVerb(...event(1, { any: ['json', null] }));
    expect(await message).toEqual({
      room: 'r',
      sender: 'bob',
      senderId: 'm2',
      data: { any: ['json', null] },
      epoch: 'e',
      offset: 1,
      at: 5,
      replayed: false,
    });
    expect(room.position).toEqual({ epoch: 'e', offset: 1 });
  });

  it('come once and in order, whatever is repeated', async () => {
    const { peer, room } = await startJoined({ offset: 10 });
    const events = record(room);
    const heard = hearing(room, 14);
    for (const offset of [9, 10, 11, 11, 12, 11, 10, 13, 14]) peer.sayVerb(...event(offset, offset));
    await heard;
    expect(events).toEqual([11, 12, 13, 14]);
  });

  it('tell of numbers that are skipped', async () => {
    const { peer, room } = await startJoined();
    const events = record(room);
    const heard = hearing(room, 'four');
    peer.sayVerb(...event(1, 'one'));
    peer.sayVerb(...event(4, 'four'));
    await heard;
    expect(events).toEqual(['one', { reason: 'skipped', missing: 2 }, 'four']);
    expect(room.position).toEqual({ epoch: 'e', offset: 4 });
  });

  it('without positions are delivered as they come', async () => {
    const { client, peer } = await startPair();
    const room = client.room('r');
    const joining = room.join();
    await peer.messages.next();
    const { id } = await peer.nextVerb();
    peer.sayVerb('ACK', id);
    await joining;
    const message = nextMessage(room);
    peer.sayVerb('EVENT', { room: 'r', sender: 'bob' });
    expect(await message).toMatchObject({
      sender: 'bob',
      senderId: null,
      data: undefined,
      epoch: '',
      offset: 0,
    });
    expect(room.position).toBeNull();
  });

  it('that make no sense are ignored', async () => {
    const { peer, room } = await startJoined();
    const events = record(room);
    peer.say(
      'msg,layout,{oops',
      'msg,layout,5',
      'msg,layout,["EVENT"]',
      'msg,layout,["EVENT",{"room":"other"}]',
    );
    peer.say(
      'msg,layout,["PRESENCE",{"room":"r","joins":[5,{"id":1}],"leaves":"x"}]',
      'msg,layout,["ACK",77]',
    );
    peer.say(
      'msg,layout,["ERROR",{"id":78}]',
      'msg,layout,["NEWS",1]',
      'msg,layout,["EVENT",{"room":["r"]}]',
    );
    const message = nextMessage(room);
    peer.sayVerb(...event(1, 'sense'));
    await message;
    expect(events).toEqual(['sense']);
  });
});

describe('presence', () => {
  it('keeps the members up to date and tells what is new', async () => {
    const { peer, room } = await startJoined();
    const change = told((listener) => room.on('presence', listener));
    peer.sayVerb('PRESENCE', { room: 'r', joins: [ANN, BOB], leaves: [{ id: 'm7', name: 'nobody' }] });
    expect(await change).toEqual({ joins: [BOB], leaves: [] });
    expect(room.members).toEqual([ANN, BOB]);
    const left = told((listener) => room.on('presence', listener));
    peer.sayVerb('PRESENCE', { room: 'r', joins: [], leaves: [BOB] });
    expect(await left).toEqual({ joins: [], leaves: [BOB] });
    expect(room.members).toEqual([ANN]);
  });
});

describe('publishing', () => {
  it('resolves with the position the server gave it', async () => {
    const { peer, room } = await startJoined();
    const publishing = room.publish({ any: 'json' });
    const notify = await peer.nextVerb();
    expect([notify.event, notify.body]).toEqual(['NOTIFY', { room: 'r', message: { any: 'json' } }]);
    peer.sayVerb('ACK', notify.id, { epoch: 'e', offset: 1 });
    expect(await publishing).toEqual({ epoch: 'e', offset: 1 });
  });

  it('says what the value was when it was called', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const room = client.room('r');
    const joining = room.join();
    const value = { count: 1 };
    const publishing = [room.publish(value)];
    value.count = 2;
    publishing.push(room.publish(value));
    const peer = await server.greeted();
    await peer.messages.next();
    await acceptJoin(peer);
    await joining;
    for (const expected of [1, 2]) {
      const { body, id } = await peer.nextVerb();
      expect(body['message']).toEqual({ count: expected });
      peer.sayVerb('ACK', id, { epoch: 'e', offset: expected });
    }
    await Promise.all(publishing);
  });

  it('rejects what the server refuses, and values that are no JSON', async () => {
    const { peer, room } = await startJoined();
    const publishing = room.publish('x');
    const { id } = await peer.nextVerb();
    peer.sayVerb('ERROR', { event: 'NOTIFY', id, code: 'limit', reason: 'too fast' });
    await expect(publishing).rejects.toMatchObject({ code: 'limit', reason: 'too fast' });
    const circle: unknown[] = [];
    circle.push(circle);
    await expect(room.publish(circle)).rejects.toThrow(TypeError);
    await expect(room.publish(1n)).rejects.toThrow(TypeError);
  });

  it('rejects outside the room', async () => {
    const { client } = await startPair();
    await expect(client.room('r').publish('x')).rejects.toMatchObject({ code: 'not-joined' });
  });

  it('waits for the connection, keeps its order, and claims nothing about what was on its way', async () => {
    const joined = await startJoined();
    const { room, server, peer } = joined;
    const outcome = room.publish('on its way').catch((error: unknown) => error);
    await peer.nextVerb();
    peer.cut();
    expect(await outcome).toMatchObject({ code: 'unknown-outcome' });
    expect(room.isJoined).toBe(false);
    const publishing = [room.publish('a'), room.publish('b')];
    const next = await server.greeted();
    await next.messages.next();
    await acceptJoin(next);
    for (const expected of ['a', 'b']) {
      const { event: verb, body, id } = await next.nextVerb();
      expect([verb, body['message']]).toEqual(['NOTIFY', expected]);
      next.sayVerb('ACK', id, { epoch: 'e', offset: expected === 'a' ? 1 : 2 });
    }
    expect((await Promise.all(publishing)).map(({ offset }) => offset)).toEqual([1, 2]);
  });

  it('refuses to queue more than the limit', async () => {
    const server = await startServer();
    const client = startClient(server.url, { queueLimit: 2 });
    const room = client.room('r');
    const joining = room.join();
    const kept = [room.publish(1), room.publish(2)];
    await expect(room.publish(3)).rejects.toMatchObject({ code: 'queue-full' });
    const left = Promise.allSettled([joining, ...kept]);
    await room.leave();
    expect(
      (await left).map((result) => result.status === 'rejected' && (result.reason as RoomplexError).code),
    ).toEqual(['cancelled', 'cancelled', 'cancelled']);
    void room.join().catch(() => undefined);
    const again = room.publish(4);
    const peer = await server.greeted();
    await peer.messages.next();
    await acceptJoin(peer);
    const { id } = await peer.nextVerb();
    peer.sayVerb('ACK', id, { epoch: 'e', offset: 1 });
    await again;
  });

  it('has an unknown outcome when the server does not answer', async () => {
    const clock = new ManualClock();
    const { client, peer } = await startPair({ heartbeatMs: 0 }, { ...eagerEnvironment, clock });
    const room = client.room('r');
    const joining = room.join();
    await peer.messages.next();
    await acceptJoin(peer);
    await joining;
    const publishing = room.publish('x');
    await peer.nextVerb();
    clock.advance(30_000);
    await expect(publishing).rejects.toMatchObject({ code: 'unknown-outcome' });
  });
});

describe('leaving a room', () => {
  it('ends what is heard of it at once', async () => {
    const { client, peer, room } = await startJoined();
    const events = record(room);
    const leaving = room.leave();
    expect([room.isJoined, room.members, room.position]).toEqual([false, [], null]);
    const leave = await peer.nextVerb();
    peer.sayVerb(...event(1, 'too late'));
    peer.sayVerb('ACK', leave.id);
    await leaving;
    const channel = client.channel('fence');
    await peer.messages.next();
    const fence = told((listener) => channel.on('message', listener));
    peer.say('msg,fence,');
    await fence;
    expect(events).toEqual([]);
  });

  it('is done at once while there is no connection, and nobody rejoins', async () => {
    const { client, server, peer, room } = await startJoined();
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    await room.leave();
    const next = await server.greeted();
    expect(await next.messages.next()).toBe('sub,layout');
    client.channel('fence');
    expect(await next.messages.next()).toBe('sub,fence');
  });

  it('is done when the connection is lost before the answer', async () => {
    const { peer, room } = await startJoined();
    const leaving = room.leave();
    await peer.nextVerb();
    peer.cut();
    await leaving;
  });

  it('and joining again at once starts afresh, without a gap', async () => {
    const { peer, room } = await startJoined({ offset: 3 });
    const events = record(room);
    const leaving = room.leave();
    const joining = room.join();
    const leave = await peer.nextVerb();
    expect(leave.event).toBe('LEAVE');
    peer.sayVerb(...event(4, 'between'));
    peer.sayVerb('ACK', leave.id);
    await acceptJoin(peer, { offset: 4, id: 'm2' });
    await Promise.all([leaving, joining]);
    expect(events).toEqual(['joined']);
    expect([room.memberId, room.position]).toEqual(['m2', { epoch: 'e', offset: 4 }]);
  });
});

describe('after a lost connection', () => {
  it('S1.34 all rooms are joined again with the same nicknames', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const rooms = [
      client.room('r1', { name: 'ann', info: 1 }),
      client.room('r2', { name: 'ann of r2' }),
      client.room('left', { name: 'ann' }),
    ];
    const joining = rooms.map((room) => room.join());
    const peer = await server.greeted();
    await peer.messages.next();
    for (let i = 0; i < 3; i++) await acceptJoin(peer);
    await Promise.all(joining);
    const leaving = rooms[2]?.leave();
    peer.sayVerb('ACK', (await peer.nextVerb()).id);
    await leaving;

    const { port } = server;
    await server.close();
    const restarted = await startServer(port);
    const next = await restarted.greeted();
    const back = Promise.all(rooms.slice(0, 2).map(nextJoined));
    expect(await next.messages.next()).toBe('sub,layout');
    const bodies = [await acceptJoin(next), await acceptJoin(next)];
    await back;
    expect(bodies.map(({ room, name, info }) => [room, name, info])).toEqual([
      ['r1', 'ann', 1],
      ['r2', 'ann of r2', undefined],
    ]);
    client.channel('fence');
    expect(await next.messages.next()).toBe('sub,fence');
    expect(rooms.map((room) => room.isJoined)).toEqual([true, true, false]);
  });

  it('the members are those of the new answer, told as one difference', async () => {
    const joined = await startJoined({ members: [ANN, BOB] });
    const { room } = joined;
    const events = record(room);
    const anew = { id: 'm5', name: 'ann' };
    const cat = { id: 'm6', name: 'cat' };
    await comeBack(joined, { id: 'm5', members: [BOB, cat, anew] });
    expect(events).toEqual(['joined', { joins: [cat, anew], leaves: [ANN] }]);
    expect([room.members, room.memberId]).toEqual([[BOB, cat, anew], 'm5']);
  });

  it('the members stay as they were last seen until then', async () => {
    const { client, peer, room } = await startJoined({ members: [ANN, BOB] });
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    expect([room.isJoined, room.memberId, room.members]).toEqual([false, null, [ANN, BOB]]);
  });

  it.each([
    [{ offset: 0, epoch: 'e' }, []],
    [{ offset: 5, epoch: 'e' }, [{ reason: 'disconnected', missing: 5 }]],
    [{ offset: 0, epoch: 'f' }, [{ reason: 'epoch-changed', missing: null }]],
  ])('a room that is at %j says %j', async (answer, gaps) => {
    const joined = await startJoined();
    const events = record(joined.room);
    const next = await comeBack(joined, answer);
    const message = nextMessage(joined.room);
    next.sayVerb(...event(answer.offset + 1, 'on', answer.epoch));
    await message;
    expect(events).toEqual(['joined', ...gaps, 'on']);
  });

  it('a room that refuses is out, and the client tells why', async () => {
    const { client, server, peer, room } = await startJoined();
    const failed = told<RoomplexError>((listener) => client.on('error', listener));
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    const waiting = room.publish('queued').catch((error: unknown) => error);
    const next = await server.greeted();
    await next.messages.next();
    const { id } = await next.nextVerb();
    next.sayVerb('ERROR', { event: 'JOIN', id, code: 'forbidden', reason: 'not any more' });
    expect(await failed).toMatchObject({ code: 'forbidden', reason: expect.stringContaining('r could not') });
    expect([room.isJoined, client.state]).toEqual([false, 'open']);
    expect(await waiting).toMatchObject({ code: 'forbidden' });
    await expect(room.publish('x')).rejects.toMatchObject({ code: 'not-joined' });
  });

  it('a room comes back as well when the server ended only its channel', async () => {
    const { client, peer, room } = await startJoined();
    const outcome = room.publish('lost').catch((error: unknown) => error);
    await peer.nextVerb();
    const back = nextJoined(room);
    peer.say('uns,layout');
    expect(await outcome).toMatchObject({ code: 'unknown-outcome' });
    expect(await peer.messages.next()).toBe('sub,layout');
    await acceptJoin(peer);
    await back;
    expect(client.state).toBe('open');
  });
});

describe('closing the client', () => {
  it('rejects what waits, and claims nothing about what was on its way', async () => {
    const { client, peer, room } = await startJoined();
    const other = client.room('other');
    const joining = other.join().catch((error: RoomplexError) => error.code);
    await peer.nextVerb();
    const queued = other.publish('queued').catch((error: RoomplexError) => error.code);
    const sent = room.publish('sent').catch((error: RoomplexError) => error.code);
    await peer.nextVerb();
    await client.close();
    expect(await Promise.all([joining, queued, sent])).toEqual(['closed', 'closed', 'unknown-outcome']);
    expect([room.isJoined, room.members]).toEqual([false, []]);
    await expect(room.join()).rejects.toMatchObject({ code: 'closed' });
    await expect(room.publish('x')).rejects.toMatchObject({ code: 'closed' });
    await room.leave();
  });
});
