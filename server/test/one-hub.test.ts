import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RoomDetail } from '../../protocol/overview.ts';
import { layoutGuest, topicGuest } from './support/guests.ts';
import { get, post, request } from './support/http-exchange.ts';
import type { RoomCaller, RoomDoors } from './support/room-doors.ts';
import { startServer, type TestServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const found = import.meta.glob<{ roomDoors: RoomDoors }>('../gateways/*/*.room-doors.ts', { eager: true });
const gateways = Object.values(found).map((module) => module.roomDoors);
/** Every door that leads into a room and lets messages through, both ways. */
const DOORS = gateways.flatMap(({ doors }) => doors);
/** Who speaks in a room without being in it. */
const CALLERS: readonly RoomCaller[] = [
  {
    caller: 'the API',
    call: (server, room, text) =>
      post(server.http(`/api/rooms/${room}/messages`), JSON.stringify({ data: text }), {
        'content-type': 'application/json',
      }),
  },
  ...gateways.flatMap(({ callers = [] }) => callers),
];

/** Who is in a room is seen alike from everywhere. */
const VIEWS = gateways
  .flatMap(({ watchers = [] }) => watchers)
  .flatMap(({ place, watch }) => DOORS.map(({ door, enter }) => ({ place, watch, door, enter })));

let server: TestServer;
beforeAll(async () => {
  server = await startServer(Object.assign({}, ...gateways.map(({ options }) => options)));
});
afterAll(() => server.close());

let room: string;
beforeEach(() => {
  room = `room-${randomUUID()}`;
});

const texts = (who: string): string[] => Array.from({ length: 10 }, (_, n) => `${who} ${n}`);

async function details(): Promise<RoomDetail['members']> {
  const { body, status } = await get(server.http(`/api/rooms/${room}`));
  return status === 404 ? [] : (JSON.parse(body) as RoomDetail).members;
}

describe('one room through every door', () => {
  it('brings what anybody says to everybody, once, in one order', async () => {
    const guests = await Promise.all(DOORS.map(({ enter }) => enter(server, room)));
    const witness = await topicGuest(await openRawLine(server.ws('/multiplex')), room);
    for (let round = 0; round < 10; round++) {
      for (const [index, guest] of guests.entries()) guest.say(`${DOORS[index]?.door} ${round}`);
      await Promise.all(CALLERS.map(({ caller, call }) => call(server, room, `${caller} ${round}`)));
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

describe.each(VIEWS)('a guest by $door, from $place', ({ watch, enter }) => {
  it('is seen by the others while it is there', async () => {
    const watcher = await watch(server, room);
    const ann = await layoutGuest(await openRawLine(server.ws('/layout')), room, 'watching');
    await watcher.nextJoined();
    const guest = await enter(server, room);
    const joined = await watcher.nextJoined();
    expect(joined.name).toBe(guest.name);
    expect((await details()).map(({ id }) => id)).toContain(joined.id);
    await guest.leave();
    expect(await watcher.nextLeft()).toBe(joined.id);
    expect((await details()).map(({ id }) => id)).not.toContain(joined.id);
    await Promise.all([watcher.leave(), ann.leave()]);
  });

  it('is out once it was ejected, and the others stay', async () => {
    const watcher = await watch(server, room);
    const guest = await enter(server, room);
    const { id } = await watcher.nextJoined();
    const ejection = await request(server.http(`/api/rooms/${room}/members/${encodeURIComponent(id)}`), {
      method: 'DELETE',
    });
    expect(ejection.status).toBe(204);
    expect(await watcher.nextLeft()).toBe(id);
    expect((await details()).map((member) => member.id)).toEqual([watcher.id]);
    await CALLERS[0]?.call(server, room, 'after');
    expect(await guest.heard().catch(() => [])).toEqual([]);
    await Promise.all([watcher.leave(), guest.leave()]);
  });
});

describe.each(DOORS)('a guest by $door', ({ enter }) => {
  it('is out when the room was closed, and finds a new one at the same name', async () => {
    const guest = await enter(server, room);
    const other = await layoutGuest(await openRawLine(server.ws('/layout')), room, 'other');
    expect((await request(server.http(`/api/rooms/${room}`), { method: 'DELETE' })).status).toBe(200);
    expect(await details()).toEqual([]);
    await CALLERS[0]?.call(server, room, 'to nobody');
    expect(await other.heard()).toEqual([]);
    expect(await guest.heard().catch(() => [])).toEqual([]);
    const again = await enter(server, room);
    await CALLERS[0]?.call(server, room, 'to the new one');
    expect(await again.heard()).toEqual(['to the new one']);
    await Promise.all([guest, other, again].map((one) => one.leave()));
  });
});
