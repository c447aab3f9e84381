import { describe, expect, it } from 'vitest';
import { codeOf, rejoin, startJoined } from '../test/joined.ts';
import type { Peer } from '../test/scripted-server.ts';
import { startPair } from '../test/setup.ts';

function past(offset: number): object {
  return { sender: 'bob', message: offset, id: 'm2', offset, at: 5 };
}

/** Answers the next `HISTORY` with these offsets, and gives what it asked for. */
async function answer(peer: Peer, offsets: number[], first = 1, epoch = 'e'): Promise<object> {
  const { event, body, id } = await peer.nextVerb();
  expect(event).toBe('HISTORY');
  peer.sayVerb('ACK', id, { epoch, first, messages: offsets.map(past) });
  return body;
}

describe('history', () => {
  it('gives the latest messages as the room’s listeners get them', async () => {
    const { peer, room } = await startJoined({ offset: 9 });
    const history = room.history({ limit: 1 });
    expect(await answer(peer, [9])).toEqual({ room: 'r', limit: 1 });
    expect(await history).toEqual([
      {
        room: 'r',
        sender: 'bob',
        senderId: 'm2',
        data: 9,
        epoch: 'e',
        offset: 9,
        at: 5,
        replayed: true,
      },
    ]);
  });

  it('goes back page after page until there are enough', async () => {
    const { peer, room } = await startJoined();
    const history = room.history({ before: 10, limit: 4 });
    expect(await answer(peer, [8, 9])).toEqual({ room: 'r', before: 10, limit: 4 });
    expect(await answer(peer, [6, 7])).toEqual({ room: 'r', before: 8, limit: 2 });
    expect((await history).map(({ offset }) => offset)).toEqual([6, 7, 8, 9]);
  });

  it('ends with the oldest there is', async () => {
    const { peer, room } = await startJoined();
    const history = room.history();
    expect(await answer(peer, [8, 9], 7)).toEqual({ room: 'r', limit: 100 });
    expect(await answer(peer, [7], 7)).toEqual({ room: 'r', before: 8, limit: 98 });
    expect((await history).map(({ offset }) => offset)).toEqual([7, 8, 9]);
  });

  it('goes forward until there is no more', async () => {
    const { peer, room } = await startJoined();
    const history = room.history({ after: 3 });
    expect(await answer(peer, [4, 5])).toEqual({ room: 'r', after: 3, limit: 100 });
    expect(await answer(peer, [6])).toEqual({ room: 'r', after: 5, limit: 98 });
    expect(await answer(peer, [])).toEqual({ room: 'r', after: 6, limit: 97 });
    expect((await history).map(({ offset }) => offset)).toEqual([4, 5, 6]);
  });

  it('does not mix two streams', async () => {
    const { peer, room } = await startJoined();
    const history = room.history();
    await answer(peer, [8, 9]);
    await answer(peer, [6, 7], 1, 'f');
    expect((await history).map(({ offset }) => offset)).toEqual([8, 9]);
  });

  it('waits for the room, and is asked for again when the answer was lost', async () => {
    const joined = await startJoined();
    const history = joined.room.history({ limit: 1 });
    await joined.peer.nextVerb();
    joined.peer.cut();
    const { peer } = await rejoin(joined);
    await answer(peer, [9]);
    expect((await history).map(({ offset }) => offset)).toEqual([9]);
  });

  it('rejects what the server refuses, and outside the room', async () => {
    const { peer, room } = await startJoined();
    const refused = codeOf(room.history({ before: 1, after: 1 }));
    const { body, id } = await peer.nextVerb();
    expect(body).toMatchObject({ before: 1, after: 1 });
    peer.sayVerb('ERROR', { event: 'HISTORY', id, code: 'bad-request', reason: 'before or after' });
    expect(await refused).toBe('bad-request');
    const { client } = await startPair();
    expect(await codeOf(client.room('r').history())).toBe('not-joined');
  });
});
