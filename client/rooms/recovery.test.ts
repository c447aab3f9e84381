import { describe, expect, it } from 'vitest';
import type { RoomplexError } from '../errors.ts';
import {
  acceptJoin,
  ANN,
  BOB,
  comeBack,
  event,
  hearing,
  nextJoined,
  nextMessage,
  record,
  rejoin,
  startJoined,
} from '../test/joined.ts';
import { startClient, startServer, told } from '../test/setup.ts';

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

  it('the members stay as they were last seen until then, and so does this one', async () => {
    const { client, peer, room } = await startJoined({ members: [ANN, BOB] });
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    expect([room.isJoined, room.memberId, room.members]).toEqual([false, 'm1', [ANN, BOB]]);
  });

  it.each([
    [{ offset: 0, epoch: 'e' }, []],
    [{ offset: 5, epoch: 'f' }, [{ reason: 'epoch-changed', missing: null }]],
    [{ offset: 5, epoch: 'e', gap: { reason: 'trimmed', missing: 5 } }, [{ reason: 'trimmed', missing: 5 }]],
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
});

describe('what was said while the client was away', () => {
  it('is asked for from the last message on, with the same key, and comes in order, marked, without a seam', async () => {
    const joined = await startJoined({ offset: 3 });
    const { peer, room } = joined;
    const four = hearing(room, 'four');
    peer.sayVerb(...event(4, 'four'));
    await four;
    const replayed: unknown[] = [];
    room.on('message', (message) => replayed.push([message.data, message.replayed]));
    const events = record(room);
    peer.cut();
    const { peer: next, join } = await rejoin(joined, { offset: 6 });
    expect(join).toMatchObject({ recover: { epoch: 'e', offset: 4 } });
    expect(join['history']).toBeUndefined();
    const live = hearing(room, 'live');
    for (const [offset, said] of [
      [5, 'five'],
      [6, 'six'],
      [6, 'six'],
      [7, 'live'],
    ] as const) {
      next.sayVerb(...event(offset, said));
    }
    await live;
    expect(events).toEqual(['joined', 'five', 'six', 'live']);
    expect(replayed).toEqual([
      ['five', true],
      ['six', true],
      ['live', false],
    ]);
  });

  it('is asked for once more when the connection breaks in the middle of it', async () => {
    const joined = await startJoined({ offset: 1 });
    const { room } = joined;
    const events = record(room);
    const next = await comeBack(joined, { offset: 4 });
    const two = hearing(room, 2);
    next.sayVerb(...event(2, 2));
    await two;
    next.cut();
    const { peer: last, join } = await rejoin(joined, { offset: 4 });
    expect(join['recover']).toEqual({ epoch: 'e', offset: 2 });
    const four = hearing(room, 4);
    last.sayVerb(...event(3, 3));
    last.sayVerb(...event(4, 4));
    await four;
    expect(events).toEqual(['joined', 2, 'joined', 3, 4]);
  });

  it('is told as missing once, also where only a part is', async () => {
    const joined = await startJoined({ offset: 1 });
    const { room } = joined;
    const events = record(room);
    const gap = { reason: 'trimmed', missing: 3 };
    const next = await comeBack(joined, { offset: 6, gap });
    const six = hearing(room, 6);
    next.sayVerb(...event(5, 5));
    next.sayVerb(...event(6, 6));
    await six;
    expect(events).toEqual(['joined', gap, 5, 6]);
    expect(room.position).toEqual({ epoch: 'e', offset: 6 });
  });

  it('is told as missing where it would have come when the server had to give it up', async () => {
    const { peer, room } = await startJoined();
    const events = record(room);
    const nine = hearing(room, 9);
    peer.sayVerb(...event(1, 1));
    peer.sayVerb('GAP', { room: 'r', reason: 'trimmed', missing: 7 });
    peer.sayVerb(...event(9, 9));
    await nine;
    expect(events).toEqual([1, { reason: 'trimmed', missing: 7 }, 9]);
  });

  it('is told as unknown by a server that does not number', async () => {
    const joined = await startJoined();
    const events = record(joined.room);
    joined.peer.cut();
    const next = await joined.server.greeted();
    await next.messages.next();
    const again = nextJoined(joined.room);
    next.sayVerb('ACK', (await next.nextVerb()).id);
    await again;
    expect(events[0]).toBe('joined');
    expect(events).toContainEqual({ reason: 'unknown', missing: null });
  });
});

describe('history on the first join', () => {
  it('comes before what is said from now on, marked, however little there is', async () => {
    const { peer, room } = await startJoined({ offset: 100 }, { history: 50 });
    const replayed: unknown[] = [];
    room.on('message', (message) => replayed.push([message.offset, message.replayed]));
    const events = record(room);
    const live = hearing(room, 101);
    for (const offset of [98, 99, 100, 101]) peer.sayVerb(...event(offset, offset));
    await live;
    expect(events).toEqual([98, 99, 100, 101]);
    expect(replayed).toEqual([
      [98, true],
      [99, true],
      [100, true],
      [101, false],
    ]);
  });

  it('is asked for once; after that everything is, from the last message on', async () => {
    const joined = await startJoined({ offset: 100 }, { history: 50 });
    const { peer, room } = joined;
    const events = record(room);
    const heard = hearing(room, 99);
    peer.sayVerb(...event(99, 99));
    await heard;
    peer.cut();
    const { join } = await rejoin(joined, { offset: 100 });
    expect([join['history'], join['recover']]).toEqual([undefined, { epoch: 'e', offset: 99 }]);
    expect(events).toEqual([99, 'joined']);
  });

  it('is asked for again when the connection broke before any of it came, and its absence is no gap', async () => {
    const joined = await startJoined({ offset: 100 }, { history: 50 });
    const { room } = joined;
    const events = record(room);
    joined.peer.cut();
    const { peer: next, join } = await rejoin(joined, {
      offset: 102,
      gap: { reason: 'trimmed', missing: 50 },
    });
    expect(join['recover']).toEqual({ epoch: 'e', offset: 50 });
    const heard = hearing(room, 102);
    next.sayVerb(...event(101, 101));
    next.sayVerb(...event(102, 102));
    await heard;
    expect(events).toEqual(['joined', 101, 102]);
  });

  it('goes with the first JOIN', async () => {
    const server = await startServer();
    const client = startClient(server.url);
    const joining = client.room('r', { history: 5 }).join();
    const peer = await server.greeted();
    await peer.messages.next();
    expect(await acceptJoin(peer)).toMatchObject({ history: 5 });
    await joining;
  });
});
