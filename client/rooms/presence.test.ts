import { describe, expect, it } from 'vitest';
import type { RoomplexError } from '../errors.ts';
import { ANN, BOB, comeBack, record, startJoined } from '../test/joined.ts';
import { told } from '../test/setup.ts';
import type { Room, RoomPresenceChange } from '../types.ts';

function nextPresence(room: Room): Promise<RoomPresenceChange> {
  return told((listener) => room.on('presence', listener));
}

describe('presence', () => {
  it('keeps the members up to date and tells what is new', async () => {
    const { peer, room } = await startJoined();
    const change = nextPresence(room);
    peer.sayVerb('PRESENCE', {
      room: 'r',
      joins: [ANN, BOB],
      leaves: [{ id: 'm7', name: 'nobody', cause: 'left' }],
      count: 2,
    });
    expect(await change).toEqual({ joins: [BOB], leaves: [] });
    expect([room.members, room.memberCount]).toEqual([[ANN, BOB], 2]);
    const left = nextPresence(room);
    const leave = { ...BOB, cause: 'timeout' };
    peer.sayVerb('PRESENCE', { room: 'r', joins: [], leaves: [leave], count: 1 });
    expect(await left).toEqual({ joins: [], leaves: [leave] });
    expect([room.members, room.memberCount]).toEqual([[ANN], 1]);
  });

  it('counts the members of a large room, and lists them again when the server does', async () => {
    const { peer, room } = await startJoined({ members: null, count: 1001 });
    expect([room.members, room.memberCount]).toEqual([[], 1001]);
    const counted = nextPresence(room);
    peer.sayVerb('PRESENCE', { room: 'r', joins: [], leaves: [], count: 1000 });
    expect(await counted).toEqual({ joins: [], leaves: [] });
    expect([room.members, room.memberCount]).toEqual([[], 1000]);
    const listed = nextPresence(room);
    peer.sayVerb('PRESENCE', { room: 'r', joins: [], leaves: [], count: 2, members: [ANN, BOB] });
    await listed;
    expect([room.members, room.memberCount]).toEqual([[ANN, BOB], 2]);
    const unlisted = nextPresence(room);
    peer.sayVerb('PRESENCE', { room: 'r', joins: [], leaves: [], count: 1001, members: null });
    expect(await unlisted).toEqual({ joins: [], leaves: [] });
    expect([room.members, room.memberCount]).toEqual([[], 1001]);
  });

  it('says nothing after a reconnect in which nobody came or went', async () => {
    const joined = await startJoined({ members: [ANN, BOB] });
    const events = record(joined.room);
    await comeBack(joined, { members: [ANN, BOB] });
    expect(events).toEqual(['joined']);
  });

  it('shows the client that it was put out, and why it is out', async () => {
    const { client, peer, room } = await startJoined({ members: [ANN, BOB] });
    const failed = told<RoomplexError>((listener) => client.on('error', listener));
    const change = nextPresence(room);
    const leave = { ...ANN, cause: 'ejected' };
    peer.sayVerb('PRESENCE', { room: 'r', joins: [], leaves: [leave], count: 1 });
    expect(await change).toEqual({ joins: [], leaves: [leave] });
    expect((await failed).code).toBe('ejected');
    expect([room.isJoined, client.state]).toEqual([false, 'open']);
    await expect(room.publish('x')).rejects.toMatchObject({ code: 'not-joined' });
  });
});
