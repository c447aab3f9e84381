import { describe, expect, it } from 'vitest';
import { ManualClock } from '../test/manual-clock.ts';
import { acceptJoin, codeOf, event, nextJoined, nextMessage, rejoin, startJoined } from '../test/joined.ts';
import type { Peer } from '../test/scripted-server.ts';
import { eagerEnvironment, startClient, startPair, startServer, told } from '../test/setup.ts';

/** Takes the next publication, which must say this, and gives the ids of the request and of the publication. */
async function nextNotify(peer: Peer, said: unknown): Promise<{ id: unknown; publishId: unknown }> {
  const { event, body, id } = await peer.nextVerb();
  expect([event, body['message']]).toEqual(['NOTIFY', said]);
  return { id, publishId: body['publishId'] };
}

/** Accepts the next publication, which must say this. */
async function acceptNotify(peer: Peer, said: unknown, offset: number, epoch = 'e'): Promise<void> {
  peer.sayVerb('ACK', (await nextNotify(peer, said)).id, { epoch, offset });
}

describe('publishing', () => {
  it('resolves with the position the server gave it', async () => {
    const { peer, room } = await startJoined();
    const publishing = room.publish({ any: 'json' });
    const notify = await peer.nextVerb();
    expect([notify.event, notify.body]).toEqual([
      'NOTIFY',
      { room: 'r', message: { any: 'json' }, publishId: expect.stringMatching(/^[\w-]{24}\.1$/) },
    ]);
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

  it('waits for the connection and keeps its order', async () => {
    const joined = await startJoined();
    const { client, room, peer } = joined;
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    const publishing = [room.publish('a'), room.publish('b')];
    const { peer: next } = await rejoin(joined);
    await acceptNotify(next, 'a', 1);
    await acceptNotify(next, 'b', 2);
    expect((await Promise.all(publishing)).map(({ offset }) => offset)).toEqual([1, 2]);
  });

  it('refuses to queue more than the limit', async () => {
    const server = await startServer();
    const client = startClient(server.url, { queueLimit: 2 });
    const room = client.room('r');
    const joining = room.join();
    const kept = [room.publish(1), room.publish(2)];
    await expect(room.publish(3)).rejects.toMatchObject({ code: 'queue-full' });
    const left = Promise.all([joining, ...kept].map(codeOf));
    await room.leave();
    expect(await left).toEqual(['cancelled', 'cancelled', 'cancelled']);
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
    const { peer, room } = await startJoined({}, {}, { heartbeatMs: 0 }, { ...eagerEnvironment, clock });
    const publishing = codeOf(room.publish('x'));
    await peer.nextVerb();
    clock.advance(30_000);
    expect(await publishing).toBe('unknown-outcome');
  });
});

describe('a publication that is not answered for half a minute', () => {
  const heartbeatMs = 25_000;

  it('goes out again over another line when nothing else was heard either', async () => {
    const clock = new ManualClock();
    const joined = await startJoined({}, {}, { heartbeatMs }, { ...eagerEnvironment, clock });
    const publishing = joined.room.publish('x');
    await nextNotify(joined.peer, 'x');
    clock.advance(30_000);
    clock.advance(0);
    const { peer } = await rejoin(joined);
    await acceptNotify(peer, 'x', 1);
    expect(await publishing).toEqual({ epoch: 'e', offset: 1 });
  });

  it('has an unknown outcome when the line is alive', async () => {
    const clock = new ManualClock();
    const joined = await startJoined({}, {}, { heartbeatMs }, { ...eagerEnvironment, clock });
    const { peer, room } = joined;
    const publishing = codeOf(room.publish('x'));
    await nextNotify(peer, 'x');
    clock.advance(10);
    const heard = nextMessage(room);
    peer.sayVerb(...event(1, 'something else'));
    await heard;
    clock.advance(29_990);
    expect(await publishing).toBe('unknown-outcome');
    expect(joined.client.state).toBe('open');
  });
});

describe('a publication whose answer was lost', () => {
  it('goes out again under the same id, before newer ones, and settles with the answer', async () => {
    const joined = await startJoined();
    const { client, peer, room } = joined;
    const publishing = [room.publish('a'), room.publish('b')];
    const ids = [(await nextNotify(peer, 'a')).publishId, (await nextNotify(peer, 'b')).publishId];
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    publishing.push(room.publish('c'));
    const { peer: next } = await rejoin(joined, { offset: 1 });
    const again = [await nextNotify(next, 'a'), await nextNotify(next, 'b'), await nextNotify(next, 'c')];
    expect(again.slice(0, 2).map(({ publishId }) => publishId)).toEqual(ids);
    expect(new Set(again.map(({ publishId }) => publishId)).size).toBe(3);
    again.forEach(({ id }, i) => next.sayVerb('ACK', id, { epoch: 'e', offset: i + 1 }));
    expect((await Promise.all(publishing)).map(({ offset }) => offset)).toEqual([1, 2, 3]);
  });

  it('goes out again also when the server ended only the channel', async () => {
    const { peer, room } = await startJoined();
    const publishing = room.publish('x');
    const { publishId } = await nextNotify(peer, 'x');
    const back = nextJoined(room);
    peer.say('uns,layout');
    expect(await peer.messages.next()).toBe('sub,layout');
    await acceptJoin(peer);
    await back;
    const again = await nextNotify(peer, 'x');
    expect(again.publishId).toBe(publishId);
    peer.sayVerb('ACK', again.id, { epoch: 'e', offset: 1 });
    expect(await publishing).toEqual({ epoch: 'e', offset: 1 });
  });

  it('is told as unknown when the room has another stream by then, and what was not sent goes out', async () => {
    const joined = await startJoined();
    const { client, peer, room } = joined;
    const sent = codeOf(room.publish('sent'));
    await nextNotify(peer, 'sent');
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    const unsent = room.publish('unsent');
    const { peer: next } = await rejoin(joined, { epoch: 'f' });
    await acceptNotify(next, 'unsent', 1, 'f');
    expect(await sent).toBe('unknown-outcome');
    expect(await unsent).toEqual({ epoch: 'f', offset: 1 });
  });

  it('is told as unknown when the repeat is refused', async () => {
    const joined = await startJoined();
    const publishing = joined.room.publish('x');
    await nextNotify(joined.peer, 'x');
    joined.peer.cut();
    const { peer } = await rejoin(joined);
    const { id } = await nextNotify(peer, 'x');
    peer.sayVerb('ERROR', { event: 'NOTIFY', id, code: 'unavailable', reason: 'the disk is full' });
    await expect(publishing).rejects.toMatchObject({
      code: 'unknown-outcome',
      reason: expect.stringContaining('the disk is full'),
    });
  });

  it('is told as unknown at once when the room is left or the client closed', async () => {
    const { client, peer, room } = await startJoined();
    const other = client.room('other');
    const joining = other.join();
    await acceptJoin(peer);
    await joining;
    const outcomes = [codeOf(room.publish('x')), codeOf(other.publish('y'))];
    await nextNotify(peer, 'x');
    await nextNotify(peer, 'y');
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    outcomes.push(codeOf(room.publish('never sent')), codeOf(other.publish('never sent')));
    await room.leave();
    await client.close();
    expect(await Promise.all(outcomes)).toEqual([
      'unknown-outcome',
      'unknown-outcome',
      'cancelled',
      'closed',
    ]);
  });

  it('is still answered when the room is left with the connection alive', async () => {
    const { peer, room } = await startJoined();
    const answered = room.publish('answered');
    const lost = codeOf(room.publish('lost'));
    const { id } = await nextNotify(peer, 'answered');
    await nextNotify(peer, 'lost');
    const leaving = room.leave();
    expect((await peer.nextVerb()).event).toBe('LEAVE');
    peer.sayVerb('ACK', id, { epoch: 'e', offset: 1 });
    expect(await answered).toEqual({ epoch: 'e', offset: 1 });
    peer.cut();
    await leaving;
    expect(await lost).toBe('unknown-outcome');
  });

  it('takes places in the queue that nothing else can have', async () => {
    const joined = await startJoined({}, {}, { queueLimit: 2 });
    const { client, peer, room } = joined;
    const publishing = [1, 2, 3].map((said) => room.publish(said));
    for (const said of [1, 2, 3]) await nextNotify(peer, said);
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    expect(await codeOf(room.publish(4))).toBe('queue-full');
    const { peer: next } = await rejoin(joined);
    for (const said of [1, 2, 3]) await acceptNotify(next, said, said);
    await Promise.all(publishing);
    next.cut();
    await told((listener) => client.on('state', listener));
    publishing.push(room.publish(5), room.publish(6));
    const { peer: last } = await rejoin({ ...joined, peer: next });
    await acceptNotify(last, 5, 5);
    await acceptNotify(last, 6, 6);
    await Promise.all(publishing);
  });
});

describe('a message that the server does not read', () => {
  it('is refused when the server closes because of its size, and nothing else is', async () => {
    const joined = await startJoined();
    const { peer, room } = joined;
    const publishing = [room.publish('small'), room.publish('ü'.repeat(120)), room.publish('x'.repeat(200))];
    const outcomes = publishing.map(codeOf);
    for (const said of ['small', 'ü'.repeat(120), 'x'.repeat(200)]) await nextNotify(peer, said);
    peer.goodbye(1009, 'message too big');
    const { peer: next } = await rejoin(joined);
    expect(await outcomes[1]).toBe('limit');
    await acceptNotify(next, 'small', 1);
    await nextNotify(next, 'x'.repeat(200));
    next.goodbye(1009, 'message too big');
    expect(await outcomes[2]).toBe('limit');
    expect(await outcomes[0]).toEqual({ resolved: { epoch: 'e', offset: 1 } });
    await rejoin(joined, { offset: 1 });
  });

  it('is not blamed on a room when a channel said more', async () => {
    const joined = await startJoined();
    const { client, peer, room } = joined;
    const channel = client.channel('c');
    expect(await peer.messages.next()).toBe('sub,c');
    channel.send('x'.repeat(1000));
    await peer.messages.next();
    const publishing = room.publish('innocent');
    await nextNotify(peer, 'innocent');
    channel.close();
    await peer.messages.next();
    peer.goodbye(1009, 'message too big');
    const { peer: next } = await rejoin(joined);
    await acceptNotify(next, 'innocent', 1);
    expect(await publishing).toEqual({ epoch: 'e', offset: 1 });
  });

  it('keeps nobody out for ever: a join that is too large is refused', async () => {
    const { client, peer } = await startPair();
    const room = client.room('r', { info: 'x'.repeat(100) });
    const joining = codeOf(room.join());
    await peer.messages.next();
    await peer.nextVerb();
    peer.goodbye(1009, 'message too big');
    expect(await joining).toBe('limit');
  });

  it('is given up after it broke five connections without a word', async () => {
    const joined = await startJoined();
    const { room } = joined;
    const poison = codeOf(room.publish('poison'));
    const innocent = room.publish('innocent');
    let { peer } = joined;
    for (let cut = 1; cut <= 5; cut++) {
      await nextNotify(peer, 'poison');
      await nextNotify(peer, 'innocent');
      peer.cut();
      ({ peer } = await rejoin(joined));
    }
    expect(await poison).toBe('unknown-outcome');
    await acceptNotify(peer, 'innocent', 1);
    expect(await innocent).toEqual({ epoch: 'e', offset: 1 });
  });
});
