import { describe, expect, it } from 'vitest';
import type { ServerOptions } from '../../options.ts';
import { DOORS, type Door } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { get } from '../../test/support/http-exchange.ts';
import { Inbox } from '../../test/support/inbox.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { ECHO_ACTION, hello, StateRoomsClient, type Entered } from '../../test/support/state-rooms-client.ts';
import { openSocket } from '../../test/support/websocket-line.ts';

const start = serverPool();
type Hooks = NonNullable<ServerOptions['hooks']>;

const RAW = DOORS[0] as Door;
const withHooks = (hooks: Hooks, more: ServerOptions = {}): Promise<TestServer> =>
  start({ ...more, hooks: { ...ECHO_ACTION, ...hooks } });
const enter = (server: TestServer, extras: object = {}, room = 'r1'): Promise<Entered> =>
  StateRoomsClient.enter(server, RAW, room, extras);

/** A hook that waits until the test answers; what it was asked comes out of `asked`. */
function slowly<Asked, Answer>() {
  const asked = new Inbox<{
    readonly asked: Asked;
    answer(answer: Answer): void;
    fail(error: unknown): void;
  }>('a hook');
  const hook = (what: Asked): Promise<Answer> =>
    new Promise((answer, fail) => asked.push({ asked: what, answer, fail }));
  return { asked, hook };
}

describe('the hello hook', () => {
  it('S5.27 refuses with its message, and nobody hears of the client', async () => {
    const server = await withHooks({
      hello: ({ clientName }) => {
        if (clientName === 'eve') throw new Error('not allowed');
      },
    });
    const a = await enter(server);
    const eve = await StateRoomsClient.open(server, RAW);
    eve.say(hello('r1', { clientName: 'eve' }));
    expect(await eve.nextText()).toBe(
      '{"type":0,"protocol":"websocket-room-server:1","roomProtocol":"demo:1","msg":"not allowed"}',
    );
    await eve.expectEnd(1002, 'error: not allowed');
    const elsewhere = await StateRoomsClient.open(server, RAW);
    elsewhere.say(hello('r2', { clientName: 'eve' }));
    await elsewhere.next();
    await expectQuiet(a);
    expect(server.roomplex.room('r1')?.members).toHaveLength(1);
    expect(server.roomplex.room('r2')).toBeUndefined();
  });

  it('S5.28 decides the state a client begins with, and whether it may only read', async () => {
    const server = await withHooks({
      hello: async ({ clientState, clientName }) => ({
        clientState: { ...clientState, seat: '7' },
        readonly: clientName === 'guest',
      }),
    });
    const a = await enter(server, { clientState: { x: '1' }, readonly: true });
    expect(a.success).toMatchObject({
      readonly: false,
      clients: { [a.id]: { clientState: { x: '1', seat: '7' } } },
    });
    const guest = await enter(server, { clientName: 'guest' });
    expect(guest.success).toMatchObject({ readonly: true });
    const b = await enter(server);
    expect(await a.next()).toEqual({ type: 3, addClients: { [b.id]: { clientState: { seat: '7' } } } });
  });

  it('S5.29 closes a client that speaks while the hook takes its time, and leaves no ghost', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ hello: hook });
    const client = await StateRoomsClient.open(server, RAW);
    client.say(hello('r1'));
    const question = await asked.next();
    client.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    expect(await client.next()).toMatchObject({ type: 0, roomProtocol: 'demo:1' });
    await client.expectEnd(1002, 'error: received message while processing hello');
    question.answer(undefined);
    await expectNoGhost(server);
  });

  it.each(['closes in order', 'is cut off'])(
    'S5.30 never announces a client that %s while the hook takes its time',
    async (way) => {
      const { asked, hook } = slowly<unknown, undefined>();
      const server = await withHooks({ hello: hook });
      const socket = await openSocket(server.ws('/wss'));
      socket.send(JSON.stringify(hello('r1')));
      const question = await asked.next();
      if (way === 'is cut off') socket.socket.terminate();
      else socket.socket.close();
      await socket.closed;
      while ((await connections(server)) > 0);
      question.answer(undefined);
      await expectNoGhost(server);
    },
  );

  it('lets a client in that sends on at once, when the hook needs no more than promises', async () => {
    const server = await withHooks({
      hello: async ({ clientState }) => {
        await Promise.resolve();
        return { clientState };
      },
    });
    const client = await StateRoomsClient.open(server, DOORS[1] as Door);
    client.say(hello('r1'), { type: 2, echo: true, roomChanges: [{ key: 'k', value: 'v' }] });
    expect(await client.next()).toMatchObject({ type: 1 });
    expect(await client.next()).toMatchObject({ roomChanges: [{ key: 'k', value: 'v' }] });
  });

  it('has its own limit of time, and no hello timer runs meanwhile', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks(
      { hello: hook },
      { hookTimeoutMs: 80, stateRooms: { helloTimeoutMs: 20 } },
    );
    const client = await StateRoomsClient.open(server, RAW);
    client.say(hello('r1'));
    const question = await asked.next();
    expect(await client.next()).toMatchObject({ type: 0, msg: 'the hello hook took too long' });
    await client.expectEnd(1002, 'error: the hello hook took too long');
    question.answer(undefined);
    await expectNoGhost(server);
  });

  it('S5.37 may throw a long text: the reason is cut, between characters, and the server lives', async () => {
    const text = `${'ü'.repeat(500)}`;
    const server = await withHooks({
      hello: ({ clientName }) => {
        if (clientName === 'eve') throw new Error(text);
      },
    });
    const client = await StateRoomsClient.open(server, RAW);
    client.say(hello('r1', { clientName: 'eve' }));
    expect(await client.next()).toMatchObject({ type: 0, msg: text });
    await client.expectEnd(1002, `error: ${'ü'.repeat(58)}`);
    await enter(server);
  });

  it('S5.46 sees cookies, query and address of the request', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ hello: (_request, peer) => hook(peer) });
    const socket = await openSocket(server.ws('/wss?table=4'), { headers: { cookie: 'a=1; b=2' } });
    socket.send(JSON.stringify(hello('r1')));
    const question = await asked.next();
    expect(question.asked).toEqual({
      clientId: expect.stringMatching(/^connection:\d+$/),
      cookie: 'a=1; b=2',
      query: 'table=4',
      remoteAddress: '127.0.0.1',
    });
    question.answer(undefined);
    expect(JSON.parse(await socket.next())).toMatchObject({ type: 1 });
  });

  it('is followed by the join hook, which knows rooms through every door', async () => {
    const joins: unknown[] = [];
    const server = await withHooks({
      join: ({ space, room, member }) => {
        joins.push([space, room, member.gateway, member.name]);
        if (member.name === 'eve') throw new Error('no eve here');
      },
    });
    await enter(server, { clientName: 'ann' });
    const eve = await StateRoomsClient.open(server, RAW);
    eve.say(hello('r1', { clientName: 'eve' }));
    expect(await eve.next()).toMatchObject({ type: 0, msg: 'no eve here' });
    await eve.expectEnd(1002, 'error: no eve here');
    expect(joins).toEqual([
      ['rooms', 'r1', 'wss', 'ann'],
      ['rooms', 'r1', 'wss', 'eve'],
    ]);
  });

  it.each([
    [{ clientState: [] }, 'Invalid KVStore (type)'],
    [{ clientState: { x: 1 } }, 'Invalid KVStore (value)'],
  ])('turns a client away when it answers %j', async (verdict, reason) => {
    // A program in plain JavaScript may answer anything.
    const server = await withHooks({
      hello: () => verdict as unknown as { clientState: Record<string, string> },
    });
    const client = await StateRoomsClient.open(server, RAW);
    client.say(hello('r1', { clientState: {} }));
    expect(await client.next()).toMatchObject({ type: 0, msg: reason });
    await client.expectEnd(1002, `error: ${reason}`);
  });

  async function connections(server: TestServer): Promise<number> {
    const { body } = await get(server.http('/api/overview'));
    return (JSON.parse(body) as { connections: number }).connections;
  }

  /** Who comes into `r1` now is alone there. */
  async function expectNoGhost(server: TestServer): Promise<void> {
    const layout = await (DOORS[0] as Door).open(server, 'layout');
    await layout.send('["CLIENTS",{"room":"r1"}]');
    expect(await layout.next()).toBe('["CLIENTS",{"room":"r1","clients":[]}]');
    expect(server.roomplex.room('r1')).toBeUndefined();
  }
});

describe('the change hook', () => {
  const change = (value: string, extras: object = {}): object => ({
    type: 2,
    roomChanges: [{ key: 'k', value }],
    ...extras,
  });

  it('S5.31 rewrites what is changed and who is told', async () => {
    const server = await withHooks({
      change: async ({ roomChanges }) => ({
        roomChanges: [...(roomChanges ?? []), { key: 'by', value: 'hook' }],
        clientChanges: [{ key: 'x', value: '1' }],
        echo: true,
      }),
    });
    const a = await enter(server);
    const b = await enter(server);
    await a.next();
    a.say(change('v', { clientChanges: [{ key: 'dropped', value: '1' }] }));
    const notice = {
      type: 3,
      roomChanges: [
        { key: 'k', value: 'v' },
        { key: 'by', value: 'hook' },
      ],
      updateClients: { [a.id]: [{ key: 'x', value: '1' }] },
    };
    expect(await a.next()).toEqual(notice);
    expect(await b.next()).toEqual(notice);
    expect((await enter(server)).success).toMatchObject({
      roomState: { k: 'v', by: 'hook' },
      clients: { [a.id]: { clientState: { x: '1' } } },
    });
  });

  it.each([{}, { echo: true }])(
    'S5.31 changes nothing and says nothing when it answers %j',
    async (answer) => {
      const server = await withHooks({ change: () => answer });
      const a = await enter(server);
      const b = await enter(server);
      await a.next();
      a.say(change('v', { echo: true }));
      await expectQuiet(a, b);
      expect((await enter(server)).success.roomState).toEqual({});
    },
  );

  it('S5.31 tells of what it adds to a request that asked for nothing', async () => {
    const server = await withHooks({ change: () => ({ roomChanges: [{ key: 'k', value: 'added' }] }) });
    const a = await enter(server);
    const b = await enter(server);
    await a.next();
    a.say({ type: 2 });
    expect(await b.next()).toMatchObject({ roomChanges: [{ key: 'k', value: 'added' }] });
  });

  it('S5.31 throws the client out, with nothing applied, when it throws', async () => {
    const server = await withHooks({
      change: async ({ roomChanges }) => {
        if (roomChanges?.some(({ value }) => value === 'bad')) throw new Error('vetoed');
        return { roomChanges };
      },
    });
    const a = await enter(server);
    const b = await enter(server);
    await a.next();
    b.say(change('good'), change('bad'), change('after'));
    await b.expectEnd(1002, 'error: vetoed');
    expect(await a.next()).toMatchObject({ roomChanges: [{ value: 'good' }] });
    expect(await a.next()).toEqual({ type: 3, removeClients: [b.id] });
    await expectQuiet(a);
    expect((await enter(server)).success.roomState).toEqual({ k: 'good' });
  });

  it('knows the room, the client and what both have become', async () => {
    const contexts: unknown[] = [];
    const server = await withHooks({
      change: (_request, { room, clientId, client }) => {
        contexts.push([
          room.name,
          [...room.state],
          clientId,
          client.name,
          [...client.state],
          client.isReadonly,
        ]);
      },
    });
    const a = await enter(server, { clientName: 'ann', clientState: { x: '1' } });
    a.say(change('1', { clientChanges: [{ key: 'x', value: '2' }] }), change('2'));
    await expectQuiet(a);
    expect(contexts).toEqual([
      ['r1', [], a.id, 'ann', [['x', '1']], false],
      ['r1', [['k', '1']], a.id, 'ann', [['x', '2']], false],
    ]);
  });

  it('S5.32 is asked for one change of a room after the other, so order is order of arrival', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ change: (request) => hook(request) });
    const a = await enter(server);
    const b = await enter(server);
    const c = await enter(server);
    await a.fence();
    a.say(change('first'));
    const first = await asked.next();
    b.say(change('second'));
    await b.fence();
    expect(asked.size).toBe(0);
    first.answer(undefined);
    const second = await asked.next();
    second.answer(undefined);
    const values = [await c.next(), await c.next()].map(
      (notice) => (notice as { roomChanges: [{ value: string }] }).roomChanges[0].value,
    );
    expect(values).toEqual(['first', 'second']);
    expect((await enter(server)).success.roomState).toEqual({ k: 'second' });
  });

  it('does not wait in one room for another', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ change: (request) => hook(request) });
    const a = await enter(server);
    const elsewhere = await enter(server, {}, 'r2');
    a.say(change('slow'));
    const slow = await asked.next();
    elsewhere.say(change('quick', { echo: true }));
    (await asked.next()).answer(undefined);
    expect(await elsewhere.next()).toMatchObject({ roomChanges: [{ value: 'quick' }] });
    slow.answer(undefined);
  });

  it('applies the room part for a client that left meanwhile, and drops its own (S5 §7.6)', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ change: (request) => hook(request) });
    const a = await enter(server);
    const b = await enter(server);
    await a.next();
    b.say(change('v', { clientChanges: [{ key: 'x', value: '1' }] }));
    const question = await asked.next();
    await b.close();
    expect(await a.next()).toEqual({ type: 3, removeClients: [b.id] });
    question.answer(undefined);
    expect(await a.nextText()).toBe('{"type":3,"roomChanges":[{"key":"k","value":"v"}],"updateClients":{}}');
  });

  it('applies the room part even when nobody is left, and a later client finds it', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ change: (request) => hook(request) });
    const a = await enter(server);
    a.say(change('v'));
    const question = await asked.next();
    await a.close();
    question.answer(undefined);
    expect((await enter(server)).success.roomState).toEqual({ k: 'v' });
  });

  it('does not carry over into a room of the same name that came after', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ change: (request) => hook(request) });
    const a = await enter(server);
    a.say(change('old'));
    const question = await asked.next();
    server.roomplex.closeRoom('r1');
    expect(await a.next()).toEqual({ type: 6 });
    await a.close();
    const b = await enter(server);
    question.answer(undefined);
    await expectQuiet(b);
    expect((await enter(server)).success.roomState).toEqual({});
  });

  it('keeps the room waiting that everybody left, also where there is no grace', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ change: (request) => hook(request) }, { roomGraceMs: 0 });
    const a = await enter(server);
    a.say(change('v'));
    const question = await asked.next();
    await a.close();
    const b = await enter(server);
    question.answer(undefined);
    expect(await b.next()).toMatchObject({ roomChanges: [{ key: 'k', value: 'v' }] });
  });

  it('counts as refused when it takes too long', async () => {
    const { hook } = slowly<unknown, undefined>();
    const server = await withHooks({ change: (request) => hook(request) }, { hookTimeoutMs: 20 });
    const a = await enter(server);
    a.say(change('v'));
    await a.expectEnd(1002, 'error: the change hook took too long');
  });

  it('may answer nonsense, which is the server’s own fault', async () => {
    const server = await withHooks({ change: () => ({ roomChanges: [{ key: 5 as unknown as string }] }) });
    const a = await enter(server);
    a.say(change('v'));
    await a.expectEnd(1011, 'internal error');
  });

  it('does not let one client heap up requests', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({ change: (request) => hook(request) }, { limits: { pending: 2000 } });
    const a = await enter(server);
    const b = await enter(server);
    await a.next();
    b.say(...Array.from({ length: 10 }, () => change('v')));
    await b.expectEnd(1002, 'error: too many requests at a time');
    expect(await a.next()).toEqual({ type: 3, removeClients: [b.id] });
    for (let answered = 0; answered < 6; answered++) {
      (await asked.next()).answer(undefined);
      expect(await a.next()).toMatchObject({ roomChanges: [{ value: 'v' }] });
    }
    await expectQuiet(a);
  });
});

describe('the action hook', () => {
  it('S5.20 may take its time: answers come as they are ready', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({
      action: async ({ id, action }) => {
        if (action === 's') await hook(action);
        return { type: 5, id, success: true, data: action };
      },
    });
    const a = await enter(server);
    a.say({ type: 4, action: 's', id: '1' }, { type: 4, action: 'f', id: '2' });
    expect(await a.nextText()).toBe('{"type":5,"id":"2","success":true,"data":"f"}');
    (await asked.next()).answer(undefined);
    expect(await a.nextText()).toBe('{"type":5,"id":"1","success":true,"data":"s"}');
  });

  it('S5.21 missing, throws the client out', async () => {
    const server = await start();
    const a = await enter(server);
    a.say({ type: 4, action: 'test' });
    await a.expectEnd(1002, 'error: unhandled actions');
  });

  it.each(['at once', 'later'])('S5.21 throws the client out when it throws %s', async (when) => {
    const server = await withHooks({
      action: () => {
        const error = new Error('boom msg');
        if (when === 'later') return Promise.reject(error);
        throw error;
      },
    });
    const a = await enter(server);
    a.say({ type: 4, action: 'test' });
    await a.expectEnd(1002, 'error: boom msg');
  });

  it('S5.21 without an answer is answered for', async () => {
    const server = await withHooks({ action: async () => undefined });
    const a = await enter(server);
    a.say({ type: 4, action: 'test', id: '7' }, { type: 4, action: 'test' });
    expect(await a.nextText()).toBe('{"type":5,"id":"7","success":false,"msg":"no response"}');
    expect(await a.nextText()).toBe('{"type":5,"success":false,"msg":"no response"}');
  });

  it('fails actions instead of the client where the server is lenient', async () => {
    const server = await start({
      stateRooms: { lenient: true },
      hooks: {
        action: () => {
          throw new Error('boom msg');
        },
      },
    });
    const a = await enter(server);
    a.say({ type: 4, action: 'test', id: '1' }, { type: 4, action: 'test', id: '2' });
    expect(await a.nextText()).toBe('{"type":5,"id":"1","success":false,"msg":"boom msg"}');
    expect(await a.nextText()).toBe('{"type":5,"id":"2","success":false,"msg":"boom msg"}');
  });

  it('S5.41 is waited for by a client that says goodbye with flush', async () => {
    const { asked, hook } = slowly<unknown, undefined>();
    const server = await withHooks({
      action: async ({ id }) => {
        await hook(id);
        return { type: 5, id, success: true };
      },
    });
    const a = await enter(server);
    const b = await enter(server);
    await a.next();
    b.say({ type: 4, action: 'x', id: '1' }, { type: 6, flush: true }, { type: 4, action: 'x', id: '2' });
    (await asked.next()).answer(undefined);
    expect(await b.nextText()).toBe('{"type":5,"id":"1","success":true}');
    expect(await b.nextText()).toBe('{"type":7}');
    await b.expectEnd(1000, '');
    expect(await a.next()).toEqual({ type: 3, removeClients: [b.id] });
    expect(asked.size).toBe(0);
  });
});

describe('the leave hook', () => {
  it('S5.33 is told once, with the room and what the client was, readonly ones too', async () => {
    const left = new Inbox<unknown>('leave');
    const server = await withHooks({
      leave: ({ room, clientId, client }) => {
        left.push([room.name, [...room.state], clientId, client.name, client.isReadonly, [...client.state]]);
      },
    });
    const a = await enter(server);
    a.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    const b = await enter(server, { clientName: 'bob', clientState: { x: '1' } });
    await b.close();
    expect(await left.next()).toEqual(['r1', [['k', 'v']], b.id, 'bob', false, [['x', '1']]]);
    const r = await enter(server, { readonly: true });
    await r.close();
    expect(await left.next()).toEqual(['r1', [['k', 'v']], r.id, undefined, true, []]);
    await a.fence();
    a.say('{nope');
    await a.expectEnd(1002, /^error: /);
    expect(await left.next()).toEqual(['r1', [['k', 'v']], a.id, undefined, false, []]);
    const stranger = await StateRoomsClient.open(server, RAW);
    await stranger.close();
    await enter(server);
    expect(left.size).toBe(0);
  });

  it('may fail without harm: it is logged', async () => {
    const logged = new Inbox<unknown>('log');
    const nothing = (): void => {};
    const log = {
      debug: nothing,
      info: nothing,
      warn: nothing,
      error: (...line: unknown[]) => logged.push(line),
    };
    const server = await withHooks({ leave: () => Promise.reject(new Error('leave failed')) }, { log });
    const a = await enter(server);
    await a.close();
    expect(await logged.next()).toMatchObject([
      'server code failed',
      { error: expect.stringContaining('leave failed') },
    ]);
    await enter(server);
  });
});
