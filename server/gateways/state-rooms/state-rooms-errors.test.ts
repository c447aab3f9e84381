import { once } from 'node:events';
import { beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { DOORS, type Door } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { get } from '../../test/support/http-exchange.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import {
  ECHO_ACTION,
  hello,
  PROTOCOL,
  StateRoomsClient,
  type Entered,
} from '../../test/support/state-rooms-client.ts';
import { openRawLine, openSocket, refusedUpgrade } from '../../test/support/websocket-line.ts';

const start = serverPool();
let server: TestServer;
beforeAll(async () => {
  server = await start({ hooks: ECHO_ACTION });
});

const RAW = DOORS[0] as Door;
let rooms = 0;
/** A room that no other test is in. */
const newRoom = (): string => `room ${++rooms}`;
const deep = (text: string): string => text.replace('DEEP', `${'['.repeat(80)}${']'.repeat(80)}`);

describe.each(DOORS.filter(({ hasTexts }) => hasTexts))('/wss through $name', (door) => {
  const open = (on = server): Promise<StateRoomsClient> => StateRoomsClient.open(on, door);
  const enter = (room: string, extras: object = {}, on = server): Promise<Entered> =>
    StateRoomsClient.enter(on, door, room, extras);

  /** Sends something as the first message and expects to be turned away. */
  async function expectTurnedAway(first: string, reason: string | RegExp, roomProtocol = ''): Promise<void> {
    const client = await open();
    client.say(first);
    const failure = (await client.next()) as { msg: string };
    expect(failure).toEqual({ type: 0, protocol: PROTOCOL, roomProtocol, msg: expect.any(String) });
    if (typeof reason === 'string') expect(failure.msg).toBe(reason.replace(/^error: /, ''));
    await client.expectEnd(1002, reason);
  }

  /** Sends something as a client that is in, which costs it the connection, but nobody else anything. */
  async function expectThrownOut(
    message: string,
    reason: string | RegExp,
    extras: object = {},
  ): Promise<void> {
    const room = newRoom();
    const a = await enter(room);
    const b = await enter(room, extras);
    await a.fence();
    b.say(message);
    await b.expectEnd(1002, reason);
    if (!('readonly' in extras)) expect(await a.next()).toEqual({ type: 3, removeClients: [b.id] });
    await expectQuiet(a);
    const late = await enter(room);
    expect(late.success.roomState).toEqual({});
    expect(Object.keys(late.success.clients)).toEqual([a.id, late.id]);
  }

  it('S5.22 turns a wrong protocol away, and says so first', async () => {
    await expectTurnedAway(
      JSON.stringify(hello('r1', { protocol: 'websocket-room-server:2' })),
      'wrong protocol (websocket-room-server:2 vs websocket-room-server:1',
      'demo:1',
    );
  });

  it('S5.22 turns away without a word where that is switched off', async () => {
    const terse = await start({ stateRooms: { answerRefusedHello: false } });
    const client = await open(terse);
    client.say(hello('r1', { protocol: 'x' }));
    await client.expectEnd(1002, 'wrong protocol (x vs websocket-room-server:1');
  });

  it.each([
    ...['protocol', 'roomProtocol', 'roomId'].flatMap((field) =>
      [undefined, null, 5, {}].map((value) => ({ field, value })),
    ),
    ...['roomCredential', 'clientCredential', 'clientType', 'clientName'].flatMap((field) =>
      [null, 0, false, {}].map((value) => ({ field, value })),
    ),
    ...[0, 'yes', {}].map((value) => ({ field: 'readonly', value })),
    { field: 'roomId', value: 'x'.repeat(201) },
  ])('S5.23 turns away a hello whose $field is $value', async ({ field, value }) => {
    const roomProtocol = field === 'roomProtocol' ? '' : 'demo:1';
    await expectTurnedAway(
      JSON.stringify(hello('r1', { [field]: value })),
      'error: Invalid HelloReq',
      roomProtocol,
    );
  });

  it('S5.36 turns away a hello to a room without a name', async () => {
    await expectTurnedAway(JSON.stringify(hello('')), 'error: Invalid HelloReq', 'demo:1');
  });

  it.each([undefined, null, [], 'x', 5])('S5.23 turns away a clientState that is %j', async (clientState) => {
    await expectTurnedAway(
      JSON.stringify(hello('r1', { clientState })),
      'error: Invalid KVStore (type)',
      'demo:1',
    );
  });

  it.each([1, null, {}, true])('S5.23 turns away a clientState with the value %j', async (x) => {
    await expectTurnedAway(
      JSON.stringify(hello('r1', { clientState: { x } })),
      'error: Invalid KVStore (value)',
      'demo:1',
    );
  });

  it.each([
    ['{nope', /^error: /],
    ['', /^error: /],
    ['null', "error: Cannot read properties of null (reading 'protocol')"],
    ['5', 'error: Invalid HelloReq'],
    ['"hello"', 'error: Invalid HelloReq'],
    ['[]', 'error: Invalid HelloReq'],
    ['{}', 'error: Invalid HelloReq'],
    [deep('{"protocol":DEEP}'), 'error: the message nests too deep'],
  ])('S5.24 turns %.20s away', async (first, reason) => {
    // An empty text is no message at all in SockJS's frames, nor is it one on a topic.
    if (first === '' && door !== RAW) return;
    await expectTurnedAway(first, reason);
  });

  it.each(['1', '{}', 'true', '0', 'false', '[]'])(
    'S5.14 throws a client out for the value %s',
    async (value) => {
      await expectThrownOut(
        `{"type":2,"roomChanges":[{"key":"k","value":${value}}]}`,
        'error: Invalid KVSets (entry)',
      );
    },
  );

  it.each(['{"key":1,"value":"v"}', '{"value":"v"}', 'null', '5', '[]', '"k"'])(
    'S5.14 throws a client out for the entry %s',
    async (entry) => {
      await expectThrownOut(`{"type":2,"clientChanges":[${entry}]}`, 'error: Invalid KVSets (entry)');
    },
  );

  it('S5.15 applies nothing of a change with one bad entry', async () => {
    await expectThrownOut(
      '{"type":2,"roomChanges":[{"key":"a","value":"1"},{"key":"b","value":"2"},{"key":"c","value":3}]}',
      'error: Invalid KVSets (entry)',
    );
  });

  it.each(['{}', '"x"', '5', 'true', 'false', '0'])(
    'S5.16 throws a client out for roomChanges %s',
    async (list) => {
      await expectThrownOut(`{"type":2,"roomChanges":${list}}`, 'error: Invalid KVSets (object)');
    },
  );

  it.each(['"y"', '1', '{}'])('S5.16 throws a client out for echo %s', async (echo) => {
    await expectThrownOut(`{"type":2,"echo":${echo},"roomChanges":[]}`, 'error: Invalid ChangeReq');
  });

  it('S5.17 throws a readonly client out that changes the room', async () => {
    await expectThrownOut(
      '{"type":2,"roomChanges":[{"key":"k","value":"v"}]}',
      'error: readonly client cannot change room state',
      { readonly: true },
    );
  });

  it.each([
    ['{}', 'error: message without numerical type (undefined'],
    ['[]', 'error: message without numerical type (undefined'],
    ['5', 'error: message without numerical type (undefined'],
    ['{"type":"2"}', 'error: message without numerical type (string'],
    ['{"type":null}', 'error: message without numerical type (object'],
    ['null', "error: Cannot read properties of null (reading 'type')"],
    ['{nope', /^error: /],
    ...[0, 1, 3, 5, 7, 99, -1, 2.5].map((type) => [
      `{"type":${type}}`,
      `error: Unhandled message type ${type}`,
    ]),
    ['{"type":6,"flush":"x"}', 'error: Invalid CloseReq'],
    ['{"type":6,"msg":5}', 'error: Invalid CloseReq'],
    ...[
      '{"type":4}',
      '{"type":4,"action":5}',
      '{"type":4,"action":"a","id":0}',
      '{"type":4,"action":"a","data":null}',
    ].map((text) => [text, 'error: Invalid ActionReq']),
    [deep('{"type":2,"roomChanges":DEEP}'), 'error: the message nests too deep'],
  ] as [string, string | RegExp][])('S5.25 throws a client out for %.40s', (text, reason) =>
    expectThrownOut(text, reason),
  );

  it('S5.25 throws a client out that says hello again', async () => {
    await expectThrownOut(JSON.stringify(hello('r1')), 'error: message without numerical type (undefined');
  });

  it('S5.45 processes nothing that was sent after a mistake', async () => {
    const room = newRoom();
    const a = await enter(room);
    const b = await enter(room);
    await a.next();
    b.say(
      '{"type":2,"roomChanges":[{"key":"before","value":"1"}]}',
      '{"type":99}',
      '{"type":2,"roomChanges":[{"key":"after","value":"1"}]}',
      '{"type":4,"action":"x","id":"1"}',
    );
    await b.expectEnd(1002, 'error: Unhandled message type 99');
    expect(await a.next()).toMatchObject({ roomChanges: [{ key: 'before' }] });
    expect(await a.next()).toEqual({ type: 3, removeClients: [b.id] });
    await expectQuiet(a);
    expect((await enter(room)).success.roomState).toEqual({ before: '1' });
  });

  it('leaves a client in that makes mistakes where the server is lenient', async () => {
    const lenient = await start({ stateRooms: { lenient: true }, hooks: ECHO_ACTION });
    const client = await enter('r1', {}, lenient);
    client.say(
      '{nope',
      '{"type":99}',
      '{"type":2,"roomChanges":5}',
      '{"type":4,"action":5,"id":"1"}',
      '{"type":4,"action":5,"id":1}',
    );
    expect(await client.nextText()).toBe('{"type":5,"id":"1","success":false,"msg":"Invalid ActionReq"}');
    expect(await client.nextText()).toBe('{"type":5,"success":false,"msg":"Invalid ActionReq"}');
    await expectQuiet(client);
    const stranger = await open(lenient);
    stranger.say('{nope');
    expect(await stranger.next()).toMatchObject({ type: 0 });
    await stranger.expectEnd(1002, /^error: /);
  });

  it('S5.26 closes a connection that does not say hello in time', async () => {
    const hasty = await start({ stateRooms: { helloTimeoutMs: 30 } });
    const [mute, inTime] = [await open(hasty), await open(hasty)];
    inTime.say(hello('r1'));
    expect(await inTime.next()).toMatchObject({ type: 1 });
    await mute.expectEnd(1002, 'no hello received in time');
    inTime.say({ type: 6 });
    expect(await inTime.nextText()).toBe('{"type":7}');
  });
});

describe('/wss', () => {
  it('S5.26 gives a hello five seconds by default', async () => {
    const opened = performance.now();
    const client = await StateRoomsClient.open(server, RAW);
    await client.expectEnd(1002, 'no hello received in time');
    const waited = performance.now() - opened;
    expect(waited).toBeGreaterThan(4900);
    expect(waited).toBeLessThan(5500);
  });

  it('S5.38 drops a silent peer within two heartbeats, and the others hear of it', async () => {
    const lively = await start({ hooks: ECHO_ACTION, heartbeatMs: 50 });
    const a = await StateRoomsClient.enter(lively, RAW, 'r1');
    const silent = await openSocket(lively.ws('/wss'), { autoPong: false });
    silent.send(JSON.stringify(hello('r1')));
    const { clientId } = JSON.parse(await silent.next()) as { clientId: string };
    expect(await a.next()).toMatchObject({ addClients: { [clientId]: {} } });
    expect((await silent.closed).code).toBe(1006);
    expect(await a.next()).toEqual({ type: 3, removeClients: [clientId] });
    // The one that answers its pings has outlived the other and more heartbeats.
    const watch = await openSocket(lively.ws('/wss'));
    for (let pings = 0; pings < 6; pings++)
      await new Promise((resolve) => watch.socket.once('ping', resolve));
    await expectQuiet(a);
    await watch.close();
  });

  it('S5.39 takes a query, and refuses other paths instead of leaving them waiting', async () => {
    const client = await StateRoomsClient.open(server, RAW, '?x=1');
    client.say(hello(newRoom()));
    expect(await client.next()).toMatchObject({ type: 1 });
    expect(await refusedUpgrade(server.ws('/other'))).toBe(404);
    expect(await refusedUpgrade(server.ws('/wss2'))).toBe(404);
  });

  it('S5.40 takes binary frames with JSON in them', async () => {
    const socket = await openSocket(server.ws('/wss'));
    socket.send(Buffer.from(JSON.stringify(hello(newRoom(), { clientName: 'ü' }))));
    expect(JSON.parse(await socket.next())).toMatchObject({ type: 1 });
    socket.send(Buffer.from('{"type":4,"action":"x","data":"ü"}'));
    expect(await socket.next()).toBe('{"type":5,"success":true,"data":"ü"}');
    socket.send(Buffer.from([0xff, 0xfe]));
    expect(await socket.closed).toEqual({ code: 1002, reason: expect.stringMatching(/^error: /) });
  });

  it('agrees to the first subprotocol on offer', async () => {
    const socket = new WebSocket(server.ws('/wss'), ['b', 'a']);
    await once(socket, 'open');
    expect(socket.protocol).toBe('b');
    socket.close();
    await once(socket, 'close');
  });

  it('takes messages up to its own limit, and no more', async () => {
    const room = newRoom();
    const a = await StateRoomsClient.enter(server, RAW, room);
    const value = 'x'.repeat(900_000);
    a.say({ type: 2, echo: true, roomChanges: [{ key: 'big', value }] });
    expect(await a.next()).toMatchObject({ roomChanges: [{ value }] });
    expect((await StateRoomsClient.enter(server, RAW, room)).success.roomState).toEqual({ big: value });
    const b = await StateRoomsClient.enter(server, RAW, newRoom());
    b.say('x'.repeat(1_048_577));
    await b.expectEnd(1009, '');
    const binary = await openSocket(server.ws('/wss/000/abc/websocket'));
    expect(await binary.next()).toBe('o');
    binary.send(Buffer.alloc(1_048_577, 'x'));
    expect(await binary.next()).toBe('c[1009,"message too big"]');
  });

  it('limits what a room and a client may keep, and applies nothing of what is too much', async () => {
    const tight = await start({
      hooks: ECHO_ACTION,
      limits: { stateKeys: 2, stateBytes: 20, memberState: 10, name: 5 },
    });
    const enter = (extras: object = {}): Promise<Entered> => StateRoomsClient.enter(tight, RAW, 'r1', extras);
    const watcher = await enter({ readonly: true });
    const tooMuch: [object, string][] = [
      [{ roomChanges: ['a', 'b', 'c'].map((key) => ({ key, value: '' })) }, 'a state has at most 2 keys'],
      [{ roomChanges: [{ key: 'a', value: 'x'.repeat(20) }] }, 'a state has at most 20 bytes'],
      [
        { roomChanges: [{ key: 'a', value: '1' }], clientChanges: [{ key: 'b', value: 'x'.repeat(10) }] },
        'a state has at most 10 bytes',
      ],
    ];
    for (const [change, reason] of tooMuch) {
      const client = await enter();
      client.say({ type: 2, ...change });
      await client.expectEnd(1002, `error: ${reason}`);
      expect(await watcher.next()).toMatchObject({ addClients: {} });
      expect(await watcher.next()).toMatchObject({ removeClients: [client.id] });
    }
    expect((await enter({ readonly: true })).success.roomState).toEqual({});
    for (const extras of [{ clientState: { k: 'x'.repeat(10) } }, { clientName: 'x'.repeat(6) }]) {
      const client = await StateRoomsClient.open(tight, RAW);
      client.say(hello('r1', extras));
      expect(await client.next()).toMatchObject({ type: 0, msg: expect.stringContaining('at most') });
      await client.expectEnd(1002, /^error: (?:names have|a state has) at most \d+ /);
    }
    await expectQuiet(watcher);
  });

  it('counts what it turns away and throws out', async () => {
    const line = await openRawLine(server.ws('/wss'));
    await line.send('{nope');
    await line.closed;
    const { body } = await get(server.http('/metrics'));
    expect(body).toMatch(/roomplex_ignored_total\{place="wss",reason="hello"\} \d/);
    expect(body).toMatch(/roomplex_ignored_total\{place="wss",reason="request"\} \d/);
  });
});
