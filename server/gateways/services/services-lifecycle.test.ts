import { describe, expect, it } from 'vitest';
import { createLogger } from '../../log.ts';
import type { SessionEvent } from '../../services/controller.ts';
import { DOORS, type Door } from '../../test/support/doors.ts';
import { openHttpLine } from '../../test/support/http-line.ts';
import { within } from '../../test/support/inbox.ts';
import { sessionPath } from '../../test/support/session-path.ts';
import {
  openRawLine,
  openSocket,
  openSockJSLine,
  type TextSocket,
} from '../../test/support/websocket-line.ts';
import { WAYS } from '../../test/support/ways.ts';
import { serviceServers } from '../../test/support/service-servers.ts';

const setUp = serviceServers();

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

  it('ends its session whatever it throws, also what cannot be read', async () => {
    const { server, chat } = await setUp({}, { log: createLogger({ stream: { write: () => true } }) });
    const unreadable = {
      get: (): never => {
        throw new Error('not to be read');
      },
    };
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    for (const thrown of [
      Object.defineProperty({}, 'message', { ...unreadable, enumerable: true }),
      Object.defineProperty(new Error('no'), 'message', unreadable),
      proxy,
    ]) {
      chat.handler = failWith(thrown, ['message']);
      const line = await openRawLine(server.ws('/service/chat'));
      const { session } = await chat.events.next();
      chat.sessions.addToGroup('g', session.id);
      await line.send('x');
      expect(await line.closed).toMatchObject({ code: 1011 });
      const types = [await chat.events.next(), await chat.events.next(), await chat.events.next()];
      expect(types.map(({ type }) => type)).toEqual(['message', 'error', 'close']);
      expect(chat.sessions.getGroupSize('g')).toBe(0);
    }
  });

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
