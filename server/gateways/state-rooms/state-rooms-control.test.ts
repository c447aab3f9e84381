import { describe, expect, it } from 'vitest';
import { HubError } from '../../hub/errors.ts';
import type { ServerOptions } from '../../options.ts';
import { DOORS, type Door } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { get, request } from '../../test/support/http-exchange.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { ECHO_ACTION, hello, StateRoomsClient, type Entered } from '../../test/support/state-rooms-client.ts';

const startServer = serverPool();
const start = (options: ServerOptions = {}): Promise<TestServer> =>
  startServer({ hooks: ECHO_ACTION, stateRooms: { closeTimeoutMs: 40 }, ...options });

const RAW = DOORS[0] as Door;
const enter = (server: TestServer, extras: object = {}, room = 'r1'): Promise<Entered> =>
  StateRoomsClient.enter(server, RAW, room, extras);

describe.each(DOORS)('server code, and clients through $name', (door) => {
  const enterHere = (server: TestServer, room = 'r1', extras: object = {}): Promise<Entered> =>
    StateRoomsClient.enter(server, door, room, extras);

  it('S5.42 ejects one client, which the others hear once', async () => {
    const server = await start();
    const a = await enterHere(server);
    const b = await enterHere(server);
    const elsewhere = await enterHere(server, 'r2');
    await a.fence();
    expect(server.roomplex.eject('r1', b.id, 'kicked')).toBe(true);
    expect(await b.nextText()).toBe('{"type":6,"msg":"kicked"}');
    expect(await a.nextText()).toBe(`{"type":3,"removeClients":["${b.id}"]}`);
    b.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    await b.expectEnd(4001, 'kicked');
    expect(server.roomplex.eject('r1', b.id)).toBe(false);
    await expectQuiet(a, elsewhere);
    expect((await enterHere(server)).success.roomState).toEqual({});
  });

  it('S5.43 closes a room for all, and the next hello makes a fresh one', async () => {
    const server = await start();
    const a = await enterHere(server);
    const b = await enterHere(server, 'r1', { readonly: true });
    const elsewhere = await enterHere(server, 'r2');
    a.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    await b.next();
    expect(server.roomplex.closeRoom('r1', 'closing time')).toBe(2);
    for (const client of [a, b]) {
      expect(await client.nextText()).toBe('{"type":6,"msg":"closing time"}');
      await client.expectEnd(4002, 'closing time');
    }
    await expectQuiet(elsewhere);
    const c = await enterHere(server);
    expect(c.success).toMatchObject({ roomState: {}, clients: { [c.id]: {} } });
    expect(Object.keys(c.success.clients)).toEqual([c.id]);
  });

  it('S5.44 changes a room, and all hear it', async () => {
    const server = await start();
    const a = await enterHere(server);
    const b = await enterHere(server);
    await a.fence();
    await server.roomplex.change('r1', [{ key: 'k', value: 'v' }, { key: 'gone' }]);
    for (const client of [a, b]) {
      expect(await client.nextText()).toBe(
        '{"type":3,"roomChanges":[{"key":"k","value":"v"},{"key":"gone"}],"updateClients":{}}',
      );
    }
    await server.roomplex.change('r1', [{ key: 'k', value: { not: ['a', 'text'] } }], { except: a.id });
    expect(await b.next()).toMatchObject({ roomChanges: [{ key: 'k', value: '{"not":["a","text"]}' }] });
    await expectQuiet(a, b);
    expect((await enterHere(server)).success.roomState).toEqual({ k: '{"not":["a","text"]}' });
  });
});

describe('a client that is put out', () => {
  it('S5.42 is hung up on at once when it agrees', async () => {
    const server = await start({ stateRooms: { closeTimeoutMs: 60_000 } });
    const b = await enter(server);
    server.roomplex.eject('r1', b.id);
    expect(await b.nextText()).toBe('{"type":6}');
    b.say('{nope', { type: 4, action: 'x' }, { type: 7 });
    await b.expectEnd(4001, '');
  });

  it('S5.42 has a second by default', async () => {
    const server = await start({ stateRooms: {} });
    const b = await enter(server);
    const ejected = performance.now();
    server.roomplex.eject('r1', b.id, 'kicked');
    await b.next();
    await b.expectEnd(4001, 'kicked');
    expect(performance.now() - ejected).toBeGreaterThan(950);
  });

  it('hears a long reason whole, and the close as much of it as fits', async () => {
    const server = await start();
    const b = await enter(server);
    server.roomplex.eject('r1', b.id, 'ü'.repeat(100));
    expect(await b.next()).toEqual({ type: 6, msg: 'ü'.repeat(100) });
    await b.expectEnd(4001, 'ü'.repeat(61));
  });

  it('may hang up first', async () => {
    const server = await start({ stateRooms: { closeTimeoutMs: 60_000 } });
    const a = await enter(server);
    const b = await enter(server);
    await a.fence();
    server.roomplex.closeRoom('r1');
    await b.close();
    await a.close();
    await enter(server);
  });

  it('S5.43 finds the room closed while others of it have not hung up', async () => {
    const server = await start({ stateRooms: { closeTimeoutMs: 60_000 } });
    const a = await enter(server);
    server.roomplex.closeRoom('r1', 'closing time');
    await a.next();
    const early = await StateRoomsClient.open(server, RAW);
    early.say(hello('r1'));
    expect(await early.next()).toMatchObject({ type: 0, msg: 'the room is closing' });
    await early.expectEnd(1002, 'error: the room is closing');
    await enter(server, {}, 'r2');
    a.say({ type: 7 });
    await a.expectEnd(4002, 'closing time');
    await enter(server);
  });

  it('is put out over HTTP as well, with its room or alone', async () => {
    const server = await start();
    const a = await enter(server);
    const b = await enter(server);
    await a.fence();
    const drop = async (path: string): Promise<number> =>
      (await request(server.http(`/api/rooms/${path}`), { method: 'DELETE' })).status;
    expect(await drop(`r1/members/${encodeURIComponent(b.id)}?reason=kicked`)).toBe(204);
    expect(await b.next()).toEqual({ type: 6, msg: 'kicked' });
    expect(await a.next()).toEqual({ type: 3, removeClients: [b.id] });
    expect(await drop('r1?reason=bye')).toBe(200);
    expect(await a.next()).toEqual({ type: 6, msg: 'bye' });
    await a.expectEnd(4002, 'bye');
    expect(await drop('r1')).toBe(404);
  });
});

describe('a room that everybody left', () => {
  const leaveState = async (server: TestServer, room = 'r1'): Promise<void> => {
    const a = await enter(server, {}, room);
    a.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    await a.fence();
    await a.close();
    await gone(server, room);
  };
  /** Waits until the server knows that nobody is in a room any more. */
  const gone = async (server: TestServer, room: string): Promise<void> => {
    while ((server.roomplex.room(room)?.members.length ?? 0) > 0) await get(server.http('/healthz'));
  };

  it('S5.35 keeps its state for a grace time', async () => {
    const server = await start();
    await leaveState(server);
    expect((await enter(server)).success.roomState).toEqual({ k: 'v' });
  });

  it('S5.35 has forgotten it after that', async () => {
    const server = await start({ roomGraceMs: 50 });
    await leaveState(server);
    while (server.roomplex.room('r1') !== undefined) await get(server.http('/healthz'));
    expect((await enter(server)).success.roomState).toEqual({});
  });

  it('S5.35 forgets it at once where there is no grace', async () => {
    const server = await start({ roomGraceMs: 0 });
    await leaveState(server);
    expect(server.roomplex.room('r1')).toBeUndefined();
  });

  it('S5.35 is kept for ever where that is asked for, in nobody’s way', async () => {
    const server = await start({ roomGraceMs: Infinity, limits: { rooms: 1 } });
    await leaveState(server, 'r1');
    await leaveState(server, 'r2');
    expect(server.roomplex.rooms().map(({ name }) => name)).toEqual(['r1', 'r2']);
    await enter(server, {}, 'r3');
    expect(server.roomplex.rooms().map(({ name }) => name)).toEqual(['r3', 'r1', 'r2']);
  });

  it('is on no list, and counts for none', async () => {
    const server = await start();
    await leaveState(server);
    const watcher = await enter(server, { readonly: true }, 'watched');
    const overview = JSON.parse((await get(server.http('/api/overview'))).body) as {
      roomCount: number;
      rooms: unknown[];
    };
    expect(overview).toMatchObject({ roomCount: 1, rooms: [] });
    await watcher.close();
  });

  it('can be filled by the server before anybody comes', async () => {
    const server = await start();
    await server.roomplex.change('seeded', [{ key: 'k', value: 'v' }]);
    expect((await enter(server, {}, 'seeded')).success.roomState).toEqual({ k: 'v' });
    expect(server.roomplex.room('other')).toBeUndefined();
  });

  it('can be closed', async () => {
    const server = await start();
    await leaveState(server);
    expect(server.roomplex.closeRoom('r1')).toBe(0);
    expect((await enter(server)).success.roomState).toEqual({});
  });
});

describe('server.room', () => {
  it('shows state and members of a room, hidden ones too, as they are', async () => {
    const server = await start();
    expect(server.roomplex.room('r1')).toBeUndefined();
    const a = await enter(server, { clientName: 'ann', clientType: 'web', clientState: { x: '1' } });
    const r = await enter(server, { readonly: true });
    const room = server.roomplex.room('r1');
    expect(room?.members).toMatchObject([
      { id: a.id, name: 'ann', info: { clientType: 'web' }, gateway: 'wss', isHidden: false },
      { id: r.id, name: undefined, isHidden: true, isReadonly: true },
    ]);
    a.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    await a.fence();
    expect([...(room?.state ?? [])]).toEqual([['k', 'v']]);
    expect([...(room?.member(a.id)?.state ?? [])]).toEqual([['x', '1']]);
  });

  it('refuses what is too much or no change, and nothing has changed then', async () => {
    const server = await start({ limits: { stateKeys: 1 } });
    const two = ['a', 'b'].map((key) => ({ key, value: '1' }));
    expect(() => server.roomplex.change('r1', two)).toThrow(HubError);
    expect(() => server.roomplex.change('r1', [{ key: 5 as unknown as string, value: '1' }])).toThrow(
      TypeError,
    );
    expect(() => server.roomplex.change('r1', [{ key: 'f', value: () => 1 }])).toThrow(TypeError);
    expect(server.roomplex.room('r1')).toBeUndefined();
  });
});
