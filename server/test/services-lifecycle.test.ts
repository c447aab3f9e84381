import { describe, expect, it } from 'vitest';
import type { SessionEvent, SessionsDefinition } from '../services/controller.ts';
import { defineSessions } from '../services/sessions.ts';
import { DOORS, type Door } from './support/doors.ts';
import { openHttpLine } from './support/http-line.ts';
import { Inbox, within } from './support/inbox.ts';
import { serverPool, startServer, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { serviceProbe, type ServiceProbe } from './support/service-probe.ts';
import { openRawLine, openSocket, openSockJSLine, type TextSocket } from './support/websocket-line.ts';
import { WAYS } from './support/ways.ts';

const start = serverPool();

/** A server with one service, `chat`, and what it logs. */
async function setUp(
  definition: Partial<SessionsDefinition> = {},
  options: Parameters<typeof startServer>[0] = {},
): Promise<{ readonly server: TestServer; readonly chat: ServiceProbe; readonly logged: Inbox<unknown> }> {
  const chat = serviceProbe(definition);
  const logged = new Inbox<unknown>('the log');
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (_: string, fields?: object) => logged.push(fields),
  };
  const server = await start({ services: { chat: chat.sessions }, log, ...options });
  return { server, chat, logged };
}

describe('the close of a session', () => {
  it.each(['a raw WebSocket', 'a SockJS WebSocket'])(
    'S3.8 is told with its code, once, for %s',
    async (kind) => {
      const { server, chat } = await setUp();
      const open = async (): Promise<TextSocket> => {
        const rest = kind === 'a raw WebSocket' ? '' : `${sessionPath()}/websocket`;
        const socket = await openSocket(server.ws(`/service/chat${rest}`));
        expect(await chat.events.next()).toMatchObject({ type: 'open' });
        return socket;
      };
      const closeReason = async (): Promise<unknown> => {
        const event = await chat.events.next();
        expect(Object.keys(event)).toEqual(['type', 'session', 'data', 'closeReason']);
        return (event as { closeReason?: unknown }).closeReason;
      };
      const [a, b, c, d] = [await open(), await open(), await open(), await open()];
      a.socket.close(1000);
      expect(await closeReason()).toBe(1000);
      b.socket.close(4001, 'my own');
      expect(await closeReason()).toBe(4001);
      c.socket.close();
      expect(await closeReason()).toBe(1005);
      d.socket.terminate();
      expect(await closeReason()).toBe(1006);
      expect(chat.events.size).toBe(0);
    },
  );

  it('S3.8 is told as 1006 when a session over HTTP does not come back', async () => {
    const { server, chat } = await setUp();
    const line = await openHttpLine(server.http('/service/chat'), 'xhr-streaming');
    await chat.events.next();
    await line.close();
    expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 1006 });
  });

  it.each(WAYS)('S3.31 is told once with 1001 when the server goes down, over $name', async (way) => {
    const { server, chat } = await setUp();
    const line = await way.open(server, 'service/chat');
    const { session } = await chat.events.next();
    chat.sessions.addToGroup('g', session.id);
    const stopping = server.close();
    expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 1001, session });
    await line.closed;
    await stopping;
    expect(chat.events.size).toBe(0);
    expect(chat.sessions.getGroupSize('g')).toBe(0);
  });

  it('S3.31 reaches clients as 1001', async () => {
    const { server, chat } = await setUp();
    const lines = await Promise.all([
      openRawLine(server.ws('/service/chat')),
      openSockJSLine(server.ws('/service/chat')),
    ]);
    await server.close();
    for (const line of lines) expect((await line.closed).code).toBe(1001);
    expect(chat.events.size).toBe(4);
  });
});

describe.each(DOORS)('a handler that fails, through $name', (door: Door) => {
  it.each(['at once', 'later'])('S3.26 ends its session, %s, and no other', async (when) => {
    const { server, chat, logged } = await setUp();
    const failing = await door.open(server, 'service/chat');
    const { session } = await chat.events.next();
    const other = await door.open(server, 'service/chat');
    const { session: otherSession } = await chat.events.next();
    chat.handler = (event) => {
      if (event.type !== 'message' || event.message !== 'fail') return undefined;
      if (when === 'later') return Promise.reject(new Error('my reason'));
      throw new Error('my reason');
    };
    await failing.send('fail', 'and on');
    expect(await chat.events.next()).toMatchObject({ type: 'message', message: 'fail' });
    const error = await chat.events.next();
    expect(error).toEqual({ type: 'error', session, data: error.data, error: 'my reason' });
    expect(Object.keys(error)).toEqual(['type', 'session', 'data', 'error']);
    expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 1011, session });
    expect(await logged.next()).toMatchObject({
      service: 'service/chat',
      during: 'message',
      error: expect.objectContaining({ message: 'my reason' }),
    });
    const { code } = await failing.closed;
    if (door.hasTexts && door.hasQuery) expect(code).toBe(1011);
    await other.send('still here');
    expect(await chat.events.next()).toMatchObject({ message: 'still here', session: otherSession });
    expect([chat.events.size, logged.size]).toEqual([0, 0]);
  });
});

describe('a handler that fails', () => {
  const failWith = (error: unknown, types: readonly string[]) => (event: SessionEvent) => {
    if (types.includes(event.type)) throw error;
  };

  it('S3.26 in open is told of close all the same', async () => {
    const { server, chat, logged } = await setUp();
    chat.handler = failWith(new Error('no'), ['open']);
    const line = await openRawLine(server.ws('/service/chat'));
    expect(await line.closed).toMatchObject({ code: 1011 });
    const types = [await chat.events.next(), await chat.events.next(), await chat.events.next()];
    expect(types.map(({ type }) => type)).toEqual(['open', 'error', 'close']);
    expect(logged.size).toBe(1);
  });

  it('S3.26 in everything is never told of an error in error, and of close once', async () => {
    const { server, chat, logged } = await setUp();
    const line = await openRawLine(server.ws('/service/chat'));
    const { session } = await chat.events.next();
    chat.sessions.addToGroup('g', session.id);
    chat.handler = failWith(new Error('no'), ['open', 'message', 'error', 'close']);
    await line.send('x');
    expect(await line.closed).toMatchObject({ code: 1011 });
    const types = [await chat.events.next(), await chat.events.next(), await chat.events.next()];
    expect(types.map(({ type }) => type)).toEqual(['message', 'error', 'close']);
    expect([chat.events.size, logged.size]).toEqual([0, 3]);
    expect(chat.sessions.getGroupSize('g')).toBe(0);
  });

  it.each([undefined, null, 5, new Error(''), Object.create(null)])(
    'says nothing in error when %s has nothing to say',
    async (thrown) => {
      const { server, chat } = await setUp();
      chat.handler = failWith(thrown, ['message']);
      const line = await openRawLine(server.ws('/service/chat'));
      await line.send('x');
      expect([(await chat.events.next()).type, (await chat.events.next()).type]).toEqual(['open', 'message']);
      expect(Object.keys(await chat.events.next())).toEqual(['type', 'session', 'data']);
    },
  );

  it('may still say goodbye', async () => {
    const { server, chat } = await setUp();
    chat.handler = async ({ type, session }) => {
      if (type === 'message') throw new Error('no');
      await Promise.resolve();
      if (type === 'error') chat.sessions.send(session.id, 'sorry');
    };
    const line = await openRawLine(server.ws('/service/chat'));
    await line.send('x');
    expect(await line.next()).toBe('sorry');
    expect(await line.closed).toMatchObject({ code: 1011 });
  });
});

describe('what a client sends', () => {
  it.each(['', '/000/abc/websocket'])(
    'S3.27 ends its session with 1003 when it is binary, at P%s',
    async (rest) => {
      const { server, chat } = await setUp();
      const socket = await openSocket(server.ws(`/service/chat${rest}`));
      await chat.events.next();
      socket.send(Buffer.from('x'));
      expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 1003 });
      // The SockJS frame says so; the WebSocket below it closes normally.
      if (rest === '') expect(await socket.closed).toMatchObject({ code: 1003 });
      else expect([await socket.next(), await socket.next()]).toEqual(['o', 'c[1003,"text messages only"]']);
    },
  );

  it.each(DOORS)('S3.27 ends its session with 1009 when it is too long, through $name', async (door) => {
    const { server, chat } = await setUp();
    const line = await door.open(server, 'service/chat');
    await chat.events.next();
    const longest = 'ü'.repeat(32_768);
    await line.send(longest);
    expect(await chat.events.next()).toMatchObject({ type: 'message', message: longest });
    await line.send(`${longest}x`);
    expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 1009 });
    const { code } = await line.closed;
    if (door.hasTexts && door.hasQuery) expect(code).toBe(1009);
  });

  it('S3.27 may be longer where the limit is another', async () => {
    const { server, chat } = await setUp({}, { limits: { serviceMessage: 100_000, message: 10 } });
    const line = await openRawLine(server.ws('/service/chat'));
    await chat.events.next();
    await line.send('x'.repeat(100_000));
    expect(await chat.events.next()).toHaveProperty('message.length', 100_000);
  });

  it('waits for a handler that takes its time, up to a limit', async () => {
    const { server, chat } = await setUp({}, { limits: { serviceQueue: 1000 } });
    let goOn: (() => void) | undefined;
    chat.handler = ({ type }) =>
      type === 'open' ? new Promise<void>((resolve) => (goOn = resolve)) : undefined;
    const line = await openRawLine(server.ws('/service/chat'));
    await chat.events.next();
    // Each of 36 bytes, and 64 more for what is around it.
    await line.send(...Array.from({ length: 11 }, (_, index) => `${index}`.padStart(36)));
    expect((await line.closed).code).toBe(1013);
    goOn?.();
    for (let index = 0; index < 10; index++) {
      expect(await chat.events.next()).toMatchObject({ type: 'message', message: `${index}`.padStart(36) });
    }
    expect(await chat.events.next()).toMatchObject({ type: 'close', closeReason: 1013 });
  });
});

describe('200 members of a group', () => {
  it('S3.32 hear at once, although one of them does not read', async () => {
    const { server, chat } = await setUp({}, { limits: { outbox: 200_000 } });
    const sockets = await Promise.all(
      Array.from({ length: 200 }, () => openSocket(server.ws('/service/chat'))),
    );
    for (const _ of sockets) {
      const { session } = await chat.events.next();
      chat.sessions.addToGroup('all', session.id);
    }
    expect(chat.sessions.getGroupSize('all')).toBe(200);
    const [mute, ...others] = sockets;
    mute?.socket.pause();
    const ballast = 'x'.repeat(50_000);
    let sent = 0;
    let closed: SessionEvent | undefined;
    while (closed === undefined) {
      // Sockets on one machine take some megabytes before the outbox has to.
      expect(++sent).toBeLessThan(500);
      chat.sessions.sendToGroup('all', `${sent} ${ballast}`);
      for (const { frames } of others) expect((await frames.next()).startsWith(`${sent} `)).toBe(true);
      if (chat.events.size > 0) closed = await chat.events.next();
    }
    expect(closed).toMatchObject({ type: 'close', closeReason: 1013 });
    expect(chat.sessions.getGroupSize('all')).toBe(199);
    mute?.socket.terminate();
  });
});

describe('a session that is idle', () => {
  it('is closed with 1001, while one that says or hears something goes on', async () => {
    const { server, chat } = await setUp({ idleMs: 150 }, { heartbeatMs: 0 });
    const [idle, talker, listener] = [
      await openRawLine(server.ws('/service/chat')),
      await openRawLine(server.ws('/service/chat')),
      await openRawLine(server.ws('/service/chat')),
    ];
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.push((await chat.events.next()).session.id);
    const [idleId, , listenerId] = ids as [string, string, string];
    chat.handler = ({ type }) => type === 'message' && chat.sessions.send(listenerId, 'heard');
    let ended: SessionEvent | undefined;
    while (ended === undefined) {
      await talker.send('still here');
      expect(await listener.next()).toBe('heard');
      const event = await chat.events.next();
      if (event.type !== 'message') ended = event;
    }
    expect(ended).toMatchObject({ type: 'close', closeReason: 1001, session: { id: idleId } });
    expect(await idle.closed).toEqual({ code: 1001, reason: 'idle timeout' });
    await talker.send('and on');
    expect(await listener.next()).toBe('heard');
  });

  it('goes on as long as heartbeats show that its peer is alive', async () => {
    const { server, chat } = await setUp({ idleMs: 500 }, { heartbeatMs: 250 });
    const socket = await openSocket(server.ws('/service/chat'));
    const { session } = await chat.events.next();
    for (let pings = 0; pings < 4; pings++) {
      await within('a ping', new Promise((resolve) => socket.socket.once('ping', resolve)));
    }
    chat.sessions.send(session.id, 'still here');
    expect(await socket.next()).toBe('still here');
    expect(chat.events.size).toBe(0);
  });
});

describe('who is logged in', () => {
  const ann = {
    key: 'user:system:ann',
    displayName: 'Ann',
    login: 'ann',
    idProvider: 'system',
    password: 'hunter2',
    groups: ['admins'],
  };
  const asWritten = {
    key: 'user:system:ann',
    displayName: 'Ann',
    disabled: false,
    login: 'ann',
    idProvider: 'system',
  };

  it('S3.28 is in every event of the session, with these fields and no others', async () => {
    const { server, chat } = await setUp(
      {},
      { authenticate: ({ cookies }) => (cookies['sid'] === 'ann' ? ann : undefined) },
    );
    const socket = await openSocket(server.ws('/service/chat'), { headers: { cookie: 'sid=ann' } });
    const opened = await chat.events.next();
    expect(JSON.stringify(opened.session.user)).toBe(JSON.stringify(asWritten));
    expect(Object.isFrozen(opened.session.user)).toBe(true);
    expect((await chat.requests.next()).user).toEqual(asWritten);
    await socket.close();
    expect((await chat.events.next()).session.user).toBe(opened.session.user);
    await openSocket(server.ws('/service/chat'));
    expect((await chat.events.next()).session).not.toHaveProperty('user');
    expect(await chat.requests.next()).not.toHaveProperty('user');
  });

  it('S3.28 is shown with mail and time where they are known, by the controller itself', async () => {
    const known = {
      ...ann,
      disabled: true,
      email: 'ann@example.org',
      modifiedTime: new Date('2026-01-02T03:04:05Z'),
    };
    const { server, chat } = await setUp(
      { authenticate: async () => Promise.resolve(known) },
      { authenticate: () => ann },
    );
    await openSocket(server.ws('/service/chat'));
    expect(JSON.stringify((await chat.events.next()).session.user)).toBe(
      '{"key":"user:system:ann","displayName":"Ann","modifiedTime":"2026-01-02T03:04:05.000Z",' +
        '"disabled":true,"email":"ann@example.org","login":"ann","idProvider":"system"}',
    );
  });

  it('S3.28 is nobody for null, and an error for what is no user', async () => {
    const { server, chat, logged } = await setUp({
      authenticate: ({ params }) => JSON.parse(String(params['user'])) as never,
    });
    await openSocket(server.ws('/service/chat?user=null'));
    expect((await chat.events.next()).session).not.toHaveProperty('user');
    for (const user of ['"ann"', '{}', '{"key":5}']) {
      const answer = await fetch(server.http(`/service/chat?user=${encodeURIComponent(user)}`));
      expect(answer.status).toBe(500);
      await logged.next();
    }
  });
});

describe('the terms of a session', () => {
  it('may name groups, in which it is before open', async () => {
    const { server, chat } = await setUp({
      get: () => ({ webSocket: { groups: ['a', 'b', 'a', '__proto__'] } }),
    });
    const sizes: number[] = [];
    chat.handler = ({ type }) => {
      if (type === 'open') sizes.push(...['a', 'b', '__proto__', 'c'].map(chat.sessions.getGroupSize));
    };
    const line = await openRawLine(server.ws('/service/chat'));
    await chat.events.next();
    expect(sizes).toEqual([1, 1, 1, 0]);
    chat.sessions.sendToGroup('a', 'once');
    expect(await line.next()).toBe('once');
  });

  it('open nothing when the session cannot be in those groups', async () => {
    const { server, chat, logged } = await setUp(
      { get: () => ({ webSocket: { groups: ['a', 'b', 'c'] } }) },
      { limits: { joins: 2 } },
    );
    const line = await openRawLine(server.ws('/service/chat'));
    expect((await line.closed).code).toBe(1011);
    await logged.next();
    expect([chat.events.size, chat.sessions.getGroupSize('a')]).toEqual([0, 0]);
  });

  it('may hold data of many kinds, which all become strings', async () => {
    const data = {
      n: 1.5,
      b: false,
      s: '',
      o: { a: [1] },
      none: null,
      missing: undefined,
      f: () => 1,
      big: 10n,
      ['__proto__']: 'p',
    };
    const { server, chat } = await setUp({ get: () => ({ webSocket: { data } }) });
    await openRawLine(server.ws('/service/chat'));
    expect(JSON.stringify((await chat.events.next()).data)).toBe(
      '{"n":"1.5","b":"false","s":"","o":"{\\"a\\":[1]}","big":"10","__proto__":"p"}',
    );
  });

  it('S3.2 may be empty', async () => {
    const { server, chat } = await setUp({ get: () => ({ webSocket: {} }) });
    await openRawLine(server.ws('/service/chat'));
    expect((await chat.events.next()).data).toEqual({});
  });

  it('are settled before anything is read, however long that takes', async () => {
    let letIn: (() => void) | undefined;
    const asked = new Inbox<void>('asked');
    const { server, chat } = await setUp({
      get: async () => {
        asked.push();
        await new Promise<void>((resolve) => (letIn = resolve));
        return { webSocket: { data: { late: true } } };
      },
    });
    const opening = openRawLine(server.ws('/service/chat'));
    await asked.next();
    letIn?.();
    await (await opening).send('x');
    expect(await chat.events.next()).toMatchObject({ type: 'open', data: { late: 'true' } });
    expect(await chat.events.next()).toMatchObject({ type: 'message', message: 'x' });
  });
});

describe('groups', () => {
  it('have names and numbers within the limits, and tell a controller that goes beyond', async () => {
    const { server, chat } = await setUp({}, { limits: { joins: 2, room: 10 } });
    await openRawLine(server.ws('/service/chat'));
    const { id } = (await chat.events.next()).session;
    const tooLong = 'x'.repeat(11);
    expect(() => chat.sessions.addToGroup(tooLong, id)).toThrow('10 characters');
    chat.sessions.sendToGroup(tooLong, 'to nobody');
    expect(chat.sessions.getGroupSize(tooLong)).toBe(0);
    for (const group of ['a', 'b', 'a']) chat.sessions.addToGroup(group, id);
    expect(() => chat.sessions.addToGroup('c', id)).toThrow('2 groups');
    chat.sessions.removeFromGroup('a', id);
    chat.sessions.addToGroup('c', id);
    expect(['a', 'b', 'c'].map(chat.sessions.getGroupSize)).toEqual([0, 1, 1]);
  });

  it('are refused by hooks, which the controller is told', async () => {
    const hooks = {
      join: ({ room }: { room: string }) => {
        if (room === 'closed') throw new Error('not that one');
      },
    };
    const { server, chat } = await setUp({}, { hooks });
    await openRawLine(server.ws('/service/chat'));
    const { id } = (await chat.events.next()).session;
    expect(() => chat.sessions.addToGroup('closed', id)).toThrow('not that one');
    chat.sessions.addToGroup('open', id);
    expect(chat.sessions.getGroupSize('closed')).toBe(0);
  });
});

describe('createServer', () => {
  const define = (): ReturnType<typeof defineSessions> => defineSessions({ webSocketEvent() {} });

  it('takes services in a map or an object, and says where they answer', async () => {
    const server = await start({ services: new Map([['a.b', define()]]) });
    expect(server.roomplex.paths).toContain('/service/a.b');
    await expect(start({ services: { toString: define() } })).resolves.toBeDefined();
  });

  it.each(['', 'a/b', '.hidden', 'ü', 'a b', '..', 'x'.repeat(65)])('refuses the name %j', async (name) => {
    await expect(startServer({ services: { [name]: define() } })).rejects.toThrow('no name for a service');
  });

  it('refuses what is no controller', async () => {
    await expect(startServer({ services: { a: { get() {} } as never } })).rejects.toThrow('defineSessions()');
    for (const wrong of [undefined, null, 5, {}, { get() {} }, { webSocketEvent: 5 }]) {
      expect(() => defineSessions(wrong as never)).toThrow(TypeError);
    }
    for (const more of [
      { get: 5 },
      { groups: 'all' },
      { idleMs: -1 },
      { idleMs: '5' },
      { authenticate: {} },
    ]) {
      expect(() => defineSessions({ webSocketEvent() {}, ...more } as never)).toThrow(TypeError);
    }
  });

  it('mounts a controller once at a time, and leaves nothing mounted when it fails', async () => {
    const [one, two] = [define(), define()];
    await expect(startServer({ services: { one, two, again: one } })).rejects.toThrow('mounted already');
    const first = await startServer({ services: { one, two } });
    await expect(startServer({ services: { one } })).rejects.toThrow('mounted already');
    await first.close();
    await start({ services: { one } });
    two.send('nobody', 'is mounted nowhere');
    two.addToGroup('g', 'nobody');
    expect(two.getGroupSize('g')).toBe(0);
  });
});
