import { describe, expect, it } from 'vitest';
import { ConflictError } from '../errors.ts';
import { codeOf, comeBack, nextJoined, record, rejoin, startJoined, type Joined } from '../test/joined.ts';
import type { Peer } from '../test/scripted-server.ts';
import { startPair, told } from '../test/setup.ts';
import type { Room, RoomStateChange } from '../types.ts';

const TEA = { key: 'topic', value: 'tea', rev: 3 };
const HAT = { key: 'hat', value: { color: 'red' }, rev: 7 };

/** A client in a room with a state of revision 7. */
function startWithState(): Promise<Joined> {
  return startJoined({ rev: 7, state: [TEA, HAT] });
}

function changeTo(room: Room, rev: number): Promise<RoomStateChange> {
  return new Promise((resolve) => {
    room.on('state', (change) => {
      if (change.rev === rev) resolve(change);
    });
  });
}

async function nextSet(peer: Peer): Promise<{ id: unknown; body: object }> {
  const { event, id, body } = await peer.nextVerb();
  expect(event).toBe('SET');
  return { id, body };
}

function conflict(peer: Peer, id: unknown, ...conflicts: object[]): void {
  peer.sayVerb('ERROR', { event: 'SET', id, code: 'conflict', reason: 'changed', epoch: 'e', conflicts });
}

/** Accepts a change and tells of it, as the server does. */
function accept(peer: Peer, id: unknown, rev: number, entries: object[] = []): void {
  peer.sayVerb('STATE', { room: 'r', entries, by: 'm1', epoch: 'e', rev, at: 5 });
  peer.sayVerb('ACK', id, { epoch: 'e', rev });
}

describe('reading a room’s state', () => {
  it('is immediate once the room is joined', async () => {
    const { room } = await startWithState();
    expect(room.state.revision).toEqual({ epoch: 'e', rev: 7 });
    expect(room.state.get('hat')).toEqual({ color: 'red' });
    expect(room.state.entry('topic')).toEqual(TEA);
    expect(room.state.entries()).toEqual([TEA, HAT]);
    expect([room.state.get('none'), room.state.entry('none')]).toEqual([undefined, undefined]);
  });

  it('finds nothing before the join', async () => {
    const { client } = await startPair();
    const { state } = client.room('r');
    expect([state.revision, state.get('topic'), state.entries()]).toEqual([null, undefined, []]);
    expect(await codeOf(state.set('topic', 'tea'))).toBe('not-joined');
    expect(await codeOf(state.update('topic', () => 1))).toBe('not-joined');
  });

  it('follows all changes, each once', async () => {
    const { peer, room } = await startWithState();
    const events = record(room);
    const entries = [{ key: 'topic' }, { key: 'hat', value: null }, { key: 'new', value: 1 }];
    const last = {
      room: 'r',
      entries: [{ key: 'topic', value: 'soup' }],
      by: null,
      epoch: 'e',
      rev: 9,
      at: 5,
    };
    peer.sayVerb('STATE', {
      room: 'r',
      entries: [{ key: 'topic', value: 'old' }],
      by: 'm2',
      epoch: 'e',
      rev: 7,
    });
    peer.sayVerb('STATE', { room: 'r', entries, by: 'm2', epoch: 'e', rev: 8, at: 5 });
    peer.sayVerb('STATE', { room: 'r', entries, by: 'm2', epoch: 'e', rev: 8, at: 5 });
    const change = changeTo(room, 9);
    peer.sayVerb('STATE', last);
    expect(await change).toEqual({
      room: 'r',
      entries: [{ key: 'topic', value: 'soup', rev: 9 }],
      by: null,
      epoch: 'e',
      rev: 9,
    });
    expect(events).toHaveLength(2);
    expect(events[0]).toEqual({
      room: 'r',
      entries: [
        { key: 'topic', rev: 8 },
        { key: 'hat', value: null, rev: 8 },
        { key: 'new', value: 1, rev: 8 },
      ],
      by: 'm2',
      epoch: 'e',
      rev: 8,
    });
    expect(room.state.entries().map(({ key, value }) => [key, value])).toEqual([
      ['hat', null],
      ['new', 1],
      ['topic', 'soup'],
    ]);
    expect(room.state.revision).toEqual({ epoch: 'e', rev: 9 });
  });

  it('stays possible while the connection is lost; then one event tells all that is different', async () => {
    const joined = await startWithState();
    const { client, peer, room } = joined;
    const events = record(room);
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    expect(room.state.get('topic')).toBe('tea');
    await rejoin(joined, { rev: 12, state: [TEA, { key: 'new', value: 1, rev: 11 }] });
    expect(events).toEqual([
      'joined',
      {
        room: 'r',
        entries: [
          { key: 'hat', rev: 12 },
          { key: 'new', value: 1, rev: 11 },
        ],
        by: null,
        epoch: 'e',
        rev: 12,
      },
    ]);
    expect(room.state.entries()).toEqual([TEA, { key: 'new', value: 1, rev: 11 }]);
  });

  it('says nothing after a reconnect in which nothing changed', async () => {
    const joined = await startWithState();
    const events = record(joined.room);
    await comeBack(joined, { rev: 7, state: [TEA, HAT] });
    expect(events).toEqual(['joined']);
  });

  it('compares no revisions of different epochs', async () => {
    const joined = await startWithState();
    const { room } = joined;
    await comeBack(joined, { epoch: 'f', rev: 7, state: [TEA] });
    expect(room.state.revision).toEqual({ epoch: 'f', rev: 7 });
    expect(room.state.entries()).toEqual([TEA]);
  });
});

describe('changing a room’s state', () => {
  it('resolves with the revision when the server has it for good', async () => {
    const { peer, room } = await startWithState();
    const setting = room.state.set('topic', 'soup');
    const { id, body } = await nextSet(peer);
    expect(body).toEqual({ room: 'r', entries: [{ key: 'topic', value: 'soup' }] });
    expect(room.state.get('topic')).toBe('tea');
    accept(peer, id, 8, [{ key: 'topic', value: 'soup' }]);
    expect(await setting).toEqual({ epoch: 'e', rev: 8 });
    expect(room.state.entry('topic')).toEqual({ key: 'topic', value: 'soup', rev: 8 });
  });

  it('takes keys away, and changes several in one step', async () => {
    const { peer, room } = await startWithState();
    const changing = [
      room.state.delete('topic', { ifRev: 3 }),
      room.state.change([{ key: 'hat', value: null, ifRev: 7 }, { key: 'topic' }]),
    ];
    const first = await nextSet(peer);
    expect(first.body).toEqual({ room: 'r', entries: [{ key: 'topic', ifRev: 3 }], epoch: 'e' });
    accept(peer, first.id, 8);
    const second = await nextSet(peer);
    expect(second.body).toEqual({
      room: 'r',
      entries: [{ key: 'hat', value: null, ifRev: 7 }, { key: 'topic' }],
      epoch: 'e',
    });
    accept(peer, second.id, 9);
    expect(await Promise.all(changing)).toEqual([
      { epoch: 'e', rev: 8 },
      { epoch: 'e', rev: 9 },
    ]);
  });

  it('rejects a conflict with what is there instead', async () => {
    const { peer, room } = await startWithState();
    const setting = room.state.set('topic', 'soup', { ifRev: 3 }).catch((error: unknown) => error);
    const { id } = await nextSet(peer);
    conflict(peer, id, { key: 'topic', value: 'stew', rev: 8 });
    const error = await setting;
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({
      code: 'conflict',
      value: 'stew',
      rev: 8,
      conflicts: [{ key: 'topic', value: 'stew', rev: 8 }],
    });
  });

  it('rejects values that are no JSON, and what the server refuses', async () => {
    const { peer, room } = await startWithState();
    await expect(room.state.set('topic', undefined)).rejects.toThrow(TypeError);
    await expect(room.state.set('topic', () => 1)).rejects.toThrow(TypeError);
    const refused = codeOf(room.state.set('topic', 1));
    const { id } = await nextSet(peer);
    peer.sayVerb('ERROR', { event: 'SET', id, code: 'forbidden', reason: 'not you' });
    expect(await refused).toBe('forbidden');
  });

  it('waits for the connection in the order of everything else, with the epoch of what was seen', async () => {
    const joined = await startJoined({ rev: 7, state: [TEA] }, {}, { queueLimit: 3 });
    const { client, peer, room } = joined;
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    const setting = room.state.set('topic', 'soup', { ifRev: 3 });
    const publishing = room.publish('x');
    const deleting = room.state.delete('topic');
    expect(await codeOf(room.state.set('topic', 'too much'))).toBe('queue-full');
    const { peer: next } = await rejoin(joined, { epoch: 'f', rev: 3, state: [TEA] });
    const set = await nextSet(next);
    expect(set.body).toEqual({
      room: 'r',
      entries: [{ key: 'topic', value: 'soup', ifRev: 3 }],
      epoch: 'e',
    });
    conflict(next, set.id);
    await expect(setting).rejects.toMatchObject({
      code: 'conflict',
      value: undefined,
      rev: 0,
      conflicts: [],
    });
    next.sayVerb('ACK', (await next.nextVerb()).id, { epoch: 'f', offset: 1 });
    await publishing;
    next.sayVerb('ACK', (await nextSet(next)).id, { epoch: 'f', rev: 4 });
    expect(await deleting).toEqual({ epoch: 'f', rev: 4 });
  });

  it('is not asked for twice where that could do harm', async () => {
    const joined = await startWithState();
    const { peer, room } = joined;
    const outcomes = [room.state.set('topic', 'soup'), room.state.set('new', 1, { ifRev: 0 })].map(codeOf);
    await nextSet(peer);
    await nextSet(peer);
    peer.cut();
    expect(await Promise.all(outcomes)).toEqual(['unknown-outcome', 'unknown-outcome']);
    const { peer: next } = await rejoin(joined, { rev: 7, state: [TEA, HAT] });
    const fence = room.state.delete('hat');
    const { id, body } = await nextSet(next);
    expect(body).toMatchObject({ entries: [{ key: 'hat' }] });
    accept(next, id, 8);
    await fence;
  });

  it('is asked for again where a revision keeps it from happening twice', async () => {
    const joined = await startWithState();
    const { peer, room } = joined;
    const happens = room.state.set('topic', 'soup', { ifRev: 3 });
    const mayHave = codeOf(room.state.set('hat', null, { ifRev: 7 }));
    await nextSet(peer);
    await nextSet(peer);
    peer.cut();
    const { peer: next } = await rejoin(joined, { rev: 7, state: [TEA, HAT] });
    const first = await nextSet(next);
    expect(first.body).toEqual({
      room: 'r',
      entries: [{ key: 'topic', value: 'soup', ifRev: 3 }],
      epoch: 'e',
    });
    accept(next, first.id, 8);
    // Its first sending may be what it conflicts with.
    conflict(next, (await nextSet(next)).id, { key: 'hat', value: null, rev: 8 });
    expect(await happens).toEqual({ epoch: 'e', rev: 8 });
    expect(await mayHave).toBe('unknown-outcome');
  });
});

describe('updating a key', () => {
  const increment = (value: unknown): unknown => Number(value ?? 0) + 1;

  it('goes on from what the server has until nobody came between', async () => {
    const { peer, room } = await startJoined({ rev: 1, state: [{ key: 'n', value: 4, rev: 1 }] });
    const updating = room.state.update('n', increment);
    const first = await nextSet(peer);
    expect(first.body).toEqual({ room: 'r', entries: [{ key: 'n', value: 5, ifRev: 1 }], epoch: 'e' });
    conflict(peer, first.id, { key: 'n', value: 8, rev: 3 });
    const second = await nextSet(peer);
    expect(second.body).toMatchObject({ entries: [{ key: 'n', value: 9, ifRev: 3 }] });
    conflict(peer, second.id, { key: 'n', rev: 4 });
    const third = await nextSet(peer);
    expect(third.body).toMatchObject({ entries: [{ key: 'n', value: 1, ifRev: 4 }] });
    accept(peer, third.id, 5);
    expect(await updating).toEqual({ epoch: 'e', rev: 5 });
  });

  it('begins with no value where there is no key, and takes the key away for undefined', async () => {
    const { peer, room } = await startWithState();
    const updating = [room.state.update('n', increment), room.state.update('topic', () => undefined)];
    const first = await nextSet(peer);
    expect(first.body).toMatchObject({ entries: [{ key: 'n', value: 1, ifRev: 0 }] });
    accept(peer, first.id, 8);
    const second = await nextSet(peer);
    expect(second.body).toEqual({ room: 'r', entries: [{ key: 'topic', ifRev: 3 }], epoch: 'e' });
    accept(peer, second.id, 9);
    await Promise.all(updating);
  });

  it('takes what was heard since for newer than what the conflict says', async () => {
    const { peer, room } = await startJoined({ rev: 1, state: [{ key: 'n', value: 4, rev: 1 }] });
    const updating = room.state.update('n', increment);
    const first = await nextSet(peer);
    peer.say(
      ...[
        [
          'ERROR',
          { event: 'SET', id: first.id, code: 'conflict', conflicts: [{ key: 'n', value: 5, rev: 2 }] },
        ],
        ['STATE', { room: 'r', entries: [{ key: 'n', value: 6 }], by: 'm2', epoch: 'e', rev: 3, at: 5 }],
      ].map((verb) => `msg,layout,${JSON.stringify(verb)}`),
    );
    const second = await nextSet(peer);
    expect(second.body).toMatchObject({ entries: [{ key: 'n', value: 7, ifRev: 3 }] });
    accept(peer, second.id, 4);
    await updating;
  });

  it('goes on in another epoch with what is there', async () => {
    const joined = await startJoined({ rev: 1, state: [{ key: 'n', value: 4, rev: 1 }] });
    const { client, peer, room } = joined;
    const lost = told((listener) => client.on('state', listener));
    peer.cut();
    await lost;
    const updating = room.state.update('n', increment);
    const { peer: next } = await rejoin(joined, {
      epoch: 'f',
      rev: 1,
      state: [{ key: 'n', value: 20, rev: 1 }],
    });
    conflict(next, (await nextSet(next)).id);
    const { id, body } = await nextSet(next);
    expect(body).toEqual({ room: 'r', entries: [{ key: 'n', value: 21, ifRev: 1 }], epoch: 'f' });
    next.sayVerb('ACK', id, { epoch: 'f', rev: 2 });
    expect(await updating).toEqual({ epoch: 'f', rev: 2 });
  });

  it('ends with the conflict when there is nothing new to go by', async () => {
    const { peer, room } = await startWithState();
    const updating = codeOf(room.state.update('topic', () => 'soup'));
    conflict(peer, (await nextSet(peer)).id, { key: 'other', rev: 1 });
    expect(await updating).toBe('conflict');
  });

  it('shows a copy, so that a change that is refused leaves no trace', async () => {
    const { peer, room } = await startWithState();
    const updating = codeOf(
      room.state.update('hat', (hat) => Object.assign(hat as object, { color: 'blue' })),
    );
    const { id, body } = await nextSet(peer);
    expect(body).toMatchObject({ entries: [{ value: { color: 'blue' } }] });
    peer.sayVerb('ERROR', { event: 'SET', id, code: 'forbidden', reason: 'no' });
    expect(await updating).toBe('forbidden');
    expect(room.state.get('hat')).toEqual({ color: 'red' });
  });

  it('may begin before the room is joined for the first time', async () => {
    const { client, peer } = await startPair();
    const room = client.room('r');
    const joining = room.join();
    const updating = room.state.update('n', increment);
    const joined = nextJoined(room);
    await peer.messages.next();
    const { id } = await peer.nextVerb();
    peer.sayVerb('ACK', id, {
      id: 'm1',
      epoch: 'e',
      offset: 0,
      rev: 1,
      state: [{ key: 'n', value: 4, rev: 1 }],
    });
    await Promise.all([joining, joined]);
    const first = await nextSet(peer);
    expect(first.body).toEqual({ room: 'r', entries: [{ key: 'n', value: 1, ifRev: 0 }] });
    conflict(peer, first.id, { key: 'n', value: 4, rev: 1 });
    const second = await nextSet(peer);
    expect(second.body).toMatchObject({ entries: [{ key: 'n', value: 5, ifRev: 1 }], epoch: 'e' });
    accept(peer, second.id, 2);
    await updating;
  });
});
