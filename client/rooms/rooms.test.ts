import { describe, expect, it } from 'vitest';
import {
  acceptJoin,
  ANN,
  BOB,
  codeOf,
  event,
  hearing,
  nextMessage,
  record,
  startJoined,
} from '../test/joined.ts';
import { ManualClock } from '../test/manual-clock.ts';
import { eagerEnvironment, startClient, startPair, startServer, told } from '../test/setup.ts';

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
      state: true,
      memberKey: expect.stringMatching(/^[\w-]{24}$/),
      turn: expect.any(Number),
    });
    expect([room.isJoined, room.memberId, room.members, room.memberCount, room.position]).toEqual([
      true,
      'm1',
      [BOB, ANN],
      2,
      { epoch: 'e', offset: 7 },
    ]);
  });

  it('goes without its turn where the server knows of a later one, as when the clock went back', async () => {
    const { client, peer } = await startPair();
    const joining = client.room('kitchen').join();
    await peer.messages.next();
    const { id } = await peer.nextVerb();
    peer.sayVerb('ERROR', {
      event: 'JOIN',
      id,
      code: 'overtaken',
      reason: 'a later connection has the place',
    });
    expect(await acceptJoin(peer)).not.toHaveProperty('turn');
    await joining;
  });

  it('is a guest without a name', async () => {
    const { client, peer } = await startPair();
    const joining = client.room('r').join();
    await peer.messages.next();
    const body = await acceptJoin(peer);
    await joining;
    expect(body).toMatchObject({ room: 'r', name: 'guest' });
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

  it('rejects at once for an info that is no JSON, and keeps no other room waiting', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const bad = client.room('bad', { info: 1n });
    const joining = [bad.join(), bad.join()];
    const other = client.room('other').join();
    await expect(joining[0]).rejects.toThrow(TypeError);
    await expect(joining[1]).rejects.toThrow(TypeError);
    const peer = await server.greeted();
    await peer.messages.next();
    expect(await acceptJoin(peer)).toMatchObject({ room: 'other' });
    await other;
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

describe('closing the client', () => {
  it('rejects what waits, and claims nothing about what was on its way', async () => {
    const { client, peer, room } = await startJoined();
    const other = client.room('other');
    const joining = codeOf(other.join());
    await peer.nextVerb();
    const queued = codeOf(other.publish('queued'));
    const sent = codeOf(room.publish('sent'));
    await peer.nextVerb();
    await client.close();
    expect(await Promise.all([joining, queued, sent])).toEqual(['closed', 'closed', 'unknown-outcome']);
    expect([room.isJoined, room.members]).toEqual([false, []]);
    await expect(room.join()).rejects.toMatchObject({ code: 'closed' });
    await expect(room.publish('x')).rejects.toMatchObject({ code: 'closed' });
    await room.leave();
  });

  it('leaves all rooms, so that nobody waits for it to come back', async () => {
    const { client, peer, room } = await startJoined();
    const other = client.room('other');
    const joining = other.join();
    await acceptJoin(peer);
    await joining;
    const closing = client.close();
    const goodbyes = [await peer.nextVerb(), await peer.nextVerb()];
    expect(goodbyes.map(({ event: verb, body }) => [verb, body])).toEqual([
      ['LEAVE', { room: room.name }],
      ['LEAVE', { room: 'other' }],
    ]);
    await closing;
  });
});
