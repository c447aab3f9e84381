import { describe, expect, it } from 'vitest';
import { Inbox } from '../../test/support/inbox.ts';
import { openRawLine, openSocket } from '../../test/support/websocket-line.ts';
import { serviceServers } from '../../test/support/service-servers.ts';

const setUp = serviceServers();

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
