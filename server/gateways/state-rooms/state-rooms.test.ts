import { beforeEach, describe, expect, it } from 'vitest';
import { DOORS } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { ECHO_ACTION, hello, StateRoomsClient, type Entered } from '../../test/support/state-rooms-client.ts';

const start = serverPool();
let server: TestServer;
beforeEach(async () => {
  server = await start({ hooks: ECHO_ACTION });
});

describe.each(DOORS)('/wss through $name', (door) => {
  const open = (): Promise<StateRoomsClient> => StateRoomsClient.open(server, door);
  const enter = (room = 'r1', extras: object = {}): Promise<Entered> =>
    StateRoomsClient.enter(server, door, room, extras);

  /** Two in one room, who know of each other. */
  async function two(): Promise<[Entered, Entered]> {
    const a = await enter();
    const b = await enter();
    expect(await a.next()).toEqual({ type: 3, addClients: { [b.id]: { clientState: {} } } });
    return [a, b];
  }

  it('S5.1 answers a first hello byte for byte', async () => {
    const a = await open();
    a.say(hello('r1', { clientState: { x: '1' }, clientName: 'ann', clientType: 'web' }));
    const text = await a.nextText();
    const { clientId } = JSON.parse(text) as { clientId: string };
    expect(clientId).toMatch(/^connection:\d+$/);
    expect(text).toBe(
      `{"type":1,"protocol":"websocket-room-server:1","roomProtocol":"demo:1","clientId":"${clientId}",` +
        `"clients":{"${clientId}":{"clientState":{"x":"1"},"clientName":"ann","clientType":"web"}},"roomState":{},"readonly":false}`,
    );
  });

  it('S5.2 lists both to the second, and tells the first alone', async () => {
    const a = await enter('r1', { clientName: 'ann' });
    const b = await enter();
    expect(b.success.clients).toEqual({
      [a.id]: { clientState: {}, clientName: 'ann' },
      [b.id]: { clientState: {} },
    });
    expect(await a.nextText()).toBe(`{"type":3,"addClients":{"${b.id}":{"clientState":{}}}}`);
    await expectQuiet(a, b);
  });

  it('S5.2 announces type, name and state in the order of the original', async () => {
    const a = await enter();
    const b = await enter('r1', { clientState: { x: '1' }, clientName: 'bob', clientType: 'web' });
    expect(await a.nextText()).toBe(
      `{"type":3,"addClients":{"${b.id}":{"clientType":"web","clientName":"bob","clientState":{"x":"1"}}}}`,
    );
  });

  it('S5.3 shows nobody a readonly client, which sees everything', async () => {
    const a = await enter();
    const r = await enter('r1', { readonly: true });
    expect(r.success).toMatchObject({ readonly: true, clients: { [a.id]: {} } });
    expect(Object.keys(r.success.clients)).toEqual([a.id]);
    const b = await enter();
    expect(Object.keys(b.success.clients)).toEqual([a.id, b.id]);
    expect(await r.next()).toMatchObject({ addClients: { [b.id]: {} } });
    expect(await a.next()).toMatchObject({ addClients: { [b.id]: {} } });
    a.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    expect(await r.next()).toMatchObject({ roomChanges: [{ key: 'k', value: 'v' }] });
    expect(await b.next()).toMatchObject({ roomChanges: [{ key: 'k', value: 'v' }] });
    await r.close();
    await expectQuiet(a, b);
  });

  it('S5.4 tells the others of a room change, and not the sender', async () => {
    const [a, b] = await two();
    a.say('{"type":2,"roomChanges":[{"key":"k","value":"v"}]}');
    expect(await b.nextText()).toBe('{"type":3,"roomChanges":[{"key":"k","value":"v"}],"updateClients":{}}');
    await expectQuiet(a, b);
  });

  it('S5.5 S5.7 tells both with echo, in identical bytes, room changes first', async () => {
    const [a, b] = await two();
    a.say({
      type: 2,
      echo: true,
      clientChanges: [{ key: 'y', value: '3' }],
      roomChanges: [{ key: 'k2', value: 'w' }],
    });
    const notice = `{"type":3,"roomChanges":[{"key":"k2","value":"w"}],"updateClients":{"${a.id}":[{"key":"y","value":"3"}]}}`;
    expect([await a.nextText(), await b.nextText()]).toEqual([notice, notice]);
    await expectQuiet(a, b);
  });

  it('S5.6 tells of a client change without speaking of the room', async () => {
    const [a, b] = await two();
    a.say({ type: 2, clientChanges: [{ key: 'x', value: '2' }] });
    expect(await b.nextText()).toBe(`{"type":3,"updateClients":{"${a.id}":[{"key":"x","value":"2"}]}}`);
  });

  it('S5.8 shows a late joiner the room and what clients have become', async () => {
    const a = await enter('r1', { clientState: { x: '1', y: '1' } });
    a.say({
      type: 2,
      roomChanges: [{ key: 'k', value: 'v' }],
      clientChanges: [{ key: 'x', value: '2' }, { key: 'y' }],
    });
    await expectQuiet(a);
    const b = await enter();
    expect(b.success).toMatchObject({
      roomState: { k: 'v' },
      clients: { [a.id]: { clientState: { x: '2' } } },
    });
    expect(b.success.clients[a.id]?.clientState).toEqual({ x: '2' });
  });

  it('S5.9 S5.10 unsets a key without a value or with null, and keeps an empty one', async () => {
    const [a, b] = await two();
    a.say({ type: 2, roomChanges: ['k', 'n', 'e'].map((key) => ({ key, value: 'v' })) });
    await b.next();
    a.say('{"type":2,"roomChanges":[{"key":"k"},{"key":"n","value":null},{"key":"e","value":""}]}');
    expect(await b.nextText()).toBe(
      '{"type":3,"roomChanges":[{"key":"k"},{"key":"n"},{"key":"e","value":""}],"updateClients":{}}',
    );
    expect((await enter()).success.roomState).toEqual({ e: '' });
  });

  it('S5.11 tells of both values of a key that is set twice, and keeps the last', async () => {
    const [a, b] = await two();
    a.say({
      type: 2,
      roomChanges: [
        { key: 'd', value: '1' },
        { key: 'd', value: '2' },
      ],
    });
    expect(await b.next()).toMatchObject({ roomChanges: [{ value: '1' }, { value: '2' }] });
    expect((await enter()).success.roomState).toEqual({ d: '2' });
  });

  it('S5.12 drops fields it does not know', async () => {
    const [a, b] = await two();
    a.say({ type: 2, more: 1, roomChanges: [{ key: 'k', value: 'v', at: 5 }] });
    expect(await b.nextText()).toBe('{"type":3,"roomChanges":[{"key":"k","value":"v"}],"updateClients":{}}');
  });

  it('S5.13 says nothing of a change without lists, and tells of an empty one', async () => {
    const [a, b] = await two();
    a.say({ type: 2, echo: true });
    await expectQuiet(a, b);
    a.say({ type: 2, roomChanges: [] });
    expect(await b.nextText()).toBe('{"type":3,"roomChanges":[],"updateClients":{}}');
    a.say({ type: 2, clientChanges: [] });
    expect(await b.nextText()).toBe(`{"type":3,"updateClients":{"${a.id}":[]}}`);
    await expectQuiet(a, b);
  });

  it('S5.18 keeps what a readonly client changes of itself to itself, and answers its actions', async () => {
    const a = await enter();
    const r = await enter('r1', { readonly: true });
    r.say(
      { type: 2, echo: true, clientChanges: [{ key: 'x', value: '1' }] },
      { type: 2, echo: true, roomChanges: [] },
      { type: 4, action: 'test', id: '1', data: 'hi' },
    );
    expect(await r.nextText()).toBe('{"type":5,"id":"1","success":true,"data":"hi"}');
    await expectQuiet(a, r);
  });

  it('S5.19 answers an action to the asker alone, without an id when it had none', async () => {
    const [a, b] = await two();
    a.say('{"type":4,"action":"test","id":"1","data":"hi"}', '{"type":4,"action":"test"}');
    expect(await a.nextText()).toBe('{"type":5,"id":"1","success":true,"data":"hi"}');
    expect(await a.nextText()).toBe('{"type":5,"success":true}');
    await expectQuiet(a, b);
  });

  it('S5.33 tells once that a client left', async () => {
    const [a, b] = await two();
    await b.close();
    expect(await a.nextText()).toBe(`{"type":3,"removeClients":["${b.id}"]}`);
    await expectQuiet(a);
    expect((await enter()).success.clients).not.toHaveProperty(b.id);
  });

  it('S5.34 keeps rooms apart, and counts clients over all of them', async () => {
    const a = await enter('r1');
    const b = await enter('r2');
    expect(a.id).not.toBe(b.id);
    a.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    await expectQuiet(a, b);
    expect((await enter('r2')).success.roomState).toEqual({});
  });

  it.each(['__proto__', 'toString', 'constructor', 'ü 日本 😀', '\u0000', 'x'.repeat(200)])(
    'S5.36 takes %j for a room like any other, and for a key',
    async (name) => {
      const a = await enter(name);
      const b = await enter(name, { clientState: JSON.parse(`{${JSON.stringify(name)}:"mine"}`) as object });
      const entry = JSON.stringify([{ key: name, value: 'v' }]);
      expect(await a.nextText()).toBe(
        `{"type":3,"addClients":{"${b.id}":{"clientState":{${JSON.stringify(name)}:"mine"}}}}`,
      );
      a.say(`{"type":2,"roomChanges":${entry},"clientChanges":${entry}}`);
      expect(await b.nextText()).toBe(
        `{"type":3,"roomChanges":${entry},"updateClients":{"${a.id}":${entry}}}`,
      );
      const late = await open();
      late.say(hello(name));
      expect(await late.nextText()).toContain(
        `"clients":{"${a.id}":{"clientState":{${JSON.stringify(name)}:"v"}},"${b.id}":{"clientState":{${JSON.stringify(name)}:"mine"}},`,
      );
      await late.close();
      const later = await open();
      later.say(hello(name));
      expect(await later.nextText()).toContain(`"roomState":{${JSON.stringify(name)}:"v"},`);
    },
  );

  it('S5.41 says goodbye to a client that asks for it, and the others hear that it left', async () => {
    const [a, b] = await two();
    b.say({ type: 6, msg: 'bye' }, { type: 2, roomChanges: [{ key: 'late', value: '1' }] });
    expect(await b.nextText()).toBe('{"type":7}');
    await b.expectEnd(1000, '');
    expect(await a.nextText()).toBe(`{"type":3,"removeClients":["${b.id}"]}`);
    await expectQuiet(a);
  });

  it('takes requests that come in one go with the hello', async () => {
    const a = await enter();
    const b = await open();
    b.say(hello('r1'), { type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    expect(await b.next()).toMatchObject({ type: 1 });
    expect(await a.next()).toMatchObject({ type: 3, addClients: {} });
    expect(await a.next()).toMatchObject({ type: 3, roomChanges: [{ key: 'k' }] });
  });

  it('keeps hundreds of changes of several clients in one order for all', async () => {
    const clients = [await enter(), await enter(), await enter()];
    for (const client of clients) await client.fence();
    for (let round = 0; round < 100; round++) {
      for (const [index, client] of clients.entries()) {
        client.say({ type: 2, echo: true, roomChanges: [{ key: 'k', value: `${round} of ${index}` }] });
      }
    }
    const seen = await Promise.all(clients.map((client) => client.fence()));
    for (const client of clients) await client.fence();
    const late = await enter();
    expect(late.success.roomState['k']).toMatch(/^99 of \d$/);
    const [one = [], ...others] = seen;
    // Each fence cuts the common order where that client stood; up to the shortest they are the same.
    for (const other of others) {
      const length = Math.min(one.length, other.length);
      expect(length).toBeGreaterThan(99);
      expect(other.slice(0, length)).toEqual(one.slice(0, length));
    }
  });
});
