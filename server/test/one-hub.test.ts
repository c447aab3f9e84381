import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../client/node.ts';
import type { RoomDetail } from '../../protocol/overview.ts';
import { clientGuest } from './support/client-guest.ts';
import { layoutGuest, serviceGuest, tokenGuest, topicGuest, type Guest } from './support/guests.ts';
import { get, post, request } from './support/http-exchange.ts';
import { openHttpLine } from './support/http-line.ts';
import { startServer, type TestServer } from './support/server.ts';
import { meeting } from './support/meeting.ts';
import { SOCKET_IO_VERSIONS } from './support/socketio-clients.ts';
import { openSocketIOLine } from './support/socketio-line.ts';
import { StateRoomGuest } from './support/state-room-guest.ts';
import { openRawLine, openSockJSLine } from './support/websocket-line.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ tokenBroker: { allowUnregistered: true }, services: { meeting } });
});
afterAll(() => server.close());

let room: string;
beforeEach(() => {
  room = `room-${randomUUID()}`;
});

/** Every door that leads into a room and lets messages through, both ways. */
const DOORS: readonly { readonly door: string; enter(): Promise<Guest> }[] = [
  {
    door: '/layout by WebSocket',
    enter: async () => layoutGuest(await openRawLine(server.ws('/layout')), room, 'ann'),
  },
  {
    door: '/layout by xhr-streaming',
    enter: async () => layoutGuest(await openHttpLine(server.http('/layout'), 'xhr-streaming'), room, 'bob'),
  },
  ...SOCKET_IO_VERSIONS.map((version) => ({
    door: `/layout by ${version.name}`,
    enter: async () =>
      layoutGuest(
        await openSocketIOLine('layout', version.connect(server.http('/layout'))),
        room,
        version.name,
      ),
  })),
  {
    door: 'a topic on /multiplex',
    enter: async () => topicGuest(await openSockJSLine(server.ws('/multiplex')), room),
  },
  { door: 'a token', enter: async () => tokenGuest(await openRawLine(server.ws('/ws')), room) },
  {
    door: 'a shared group of a service',
    enter: async () => serviceGuest(await openRawLine(server.ws('/service/meeting')), room),
  },
  {
    door: 'the client library',
    enter: async () => clientGuest(connect(server.http('/multiplex')), room, 'lib'),
  },
];

/** Who speaks in a room without being in it. */
const CALLERS: readonly { readonly caller: string; call(text: string): Promise<unknown> }[] = [
  {
    caller: 'the API',
    call: (text) =>
      post(server.http(`/api/rooms/${room}/messages`), JSON.stringify({ data: text }), {
        'content-type': 'application/json',
      }),
  },
  {
    caller: "the broker's API",
    call: (text) =>
      post(
        server.http('/'),
        new URLSearchParams({ method: 'broadcast', message: `${room}|${text}` }).toString(),
        {
          'content-type': 'application/x-www-form-urlencoded',
        },
      ),
  },
  {
    caller: 'a NOTIFY from outside',
    call: async (text) => {
      const line = await openRawLine(server.ws('/layout'));
      await line.send(JSON.stringify(['NOTIFY', { room, message: text }, 1]));
      await line.next();
      await line.close();
    },
  },
];

const texts = (who: string): string[] => Array.from({ length: 10 }, (_, n) => `${who} ${n}`);

async function details(): Promise<RoomDetail['members']> {
  const { body, status } = await get(server.http(`/api/rooms/${room}`));
  return status === 404 ? [] : (JSON.parse(body) as RoomDetail).members;
}

describe('one room through every door', () => {
  it('brings what anybody says to everybody, once, in one order', async () => {
    const guests = await Promise.all(DOORS.map(({ enter }) => enter()));
    const witness = await topicGuest(await openRawLine(server.ws('/multiplex')), room);
    for (let round = 0; round < 10; round++) {
      for (const [index, guest] of guests.entries()) guest.say(`${DOORS[index]?.door} ${round}`);
      await Promise.all(CALLERS.map(({ caller, call }) => call(`${caller} ${round}`)));
    }
    // After the first look everybody's own words are through, after the second what the others heard of them.
    const heard = guests.map((): string[] => []);
    for (let look = 0; look < 2; look++) {
      for (const [index, guest] of guests.entries()) heard[index]?.push(...(await guest.heard()));
    }
    const spoken = [...DOORS.map(({ door }) => door), ...CALLERS.map(({ caller }) => caller)].flatMap(texts);
    const order = await witness.heard();
    expect(order.toSorted()).toEqual(spoken.toSorted());
    for (const [index, guest] of guests.entries()) {
      const own = guest.hearsItself ? [] : texts(DOORS[index]?.door ?? '');
      const expected = order.filter((text) => !own.includes(text));
      expect({ door: DOORS[index]?.door, heard: heard[index] }).toEqual({
        door: DOORS[index]?.door,
        heard: expected,
      });
    }
    await Promise.all([...guests, witness].map((guest) => guest.leave()));
  });
});

describe.each(DOORS)('a guest by $door', ({ enter }) => {
  it('is seen by the others while it is there', async () => {
    const watcher = await StateRoomGuest.enter(await openRawLine(server.ws('/wss')), room);
    const ann = await layoutGuest(await openRawLine(server.ws('/layout')), room, 'watching');
    await watcher.nextJoined();
    const guest = await enter();
    const joined = await watcher.nextJoined();
    expect(joined.name).toBe(guest.name === 'unknown' ? undefined : guest.name);
    expect((await details()).map(({ id }) => id)).toContain(joined.id);
    await guest.leave();
    expect(await watcher.nextLeft()).toBe(joined.id);
    expect((await details()).map(({ id }) => id)).not.toContain(joined.id);
    await Promise.all([watcher.leave(), ann.leave()]);
  });

  it('is out once it was ejected, and the others stay', async () => {
    const watcher = await StateRoomGuest.enter(await openRawLine(server.ws('/wss')), room);
    const guest = await enter();
    const { id } = await watcher.nextJoined();
    const ejection = await request(server.http(`/api/rooms/${room}/members/${encodeURIComponent(id)}`), {
      method: 'DELETE',
    });
    expect(ejection.status).toBe(204);
    expect(await watcher.nextLeft()).toBe(id);
    expect((await details()).map((member) => member.id)).toEqual([watcher.id]);
    await CALLERS[0]?.call('after');
    expect(await guest.heard().catch(() => [])).toEqual([]);
    await Promise.all([watcher.leave(), guest.leave()]);
  });

  it('is out when the room was closed, and finds a new one at the same name', async () => {
    const guest = await enter();
    const other = await layoutGuest(await openRawLine(server.ws('/layout')), room, 'other');
    expect((await request(server.http(`/api/rooms/${room}`), { method: 'DELETE' })).status).toBe(200);
    expect(await details()).toEqual([]);
    await CALLERS[0]?.call('to nobody');
    expect(await other.heard()).toEqual([]);
    expect(await guest.heard().catch(() => [])).toEqual([]);
    const again = await enter();
    await CALLERS[0]?.call('to the new one');
    expect(await again.heard()).toEqual(['to the new one']);
    await Promise.all([guest, other, again].map((one) => one.leave()));
  });
});
