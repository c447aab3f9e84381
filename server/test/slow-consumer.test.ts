import { once } from 'node:events';
import type { Socket } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PresenceDiff } from '../../protocol/rooms.ts';
import { get, openStream, post } from './support/http-exchange.ts';
import { within } from './support/inbox.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine, openSocket } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
beforeEach(async () => {
  server = await start({ limits: { outbox: 100_000 } });
});

const JOIN = JSON.stringify(['JOIN', { room: 'r1', name: 'slow' }, 1]);
const BALLAST = 'x'.repeat(60_000);

/** Someone who joined and then stopped taking what it is owed. */
interface SlowOne {
  /** Goes on reading and returns how it learns of its end. */
  resume(): Promise<string>;
}

/** Opens a polling session, joins, and does not poll again. */
async function stopsPolling(poll: (session: string) => Promise<string>): Promise<SlowOne> {
  const session = server.http(`/layout${sessionPath()}`);
  expect(await poll(session)).toContain('o');
  expect((await post(`${session}/xhr_send`, JSON.stringify([JOIN]))).status).toBe(204);
  expect(await poll(session)).toContain('ACK');
  return { resume: () => poll(session) };
}

/** Opens a streaming session, joins, and lets the answer fill up until the server ends it at its limit. */
async function stopsReading(method: string, rest: string): Promise<SlowOne> {
  const session = server.http(`/layout${sessionPath()}`);
  const stream = await openStream(session + rest, { method });
  expect((await post(`${session}/xhr_send`, JSON.stringify([JOIN]))).status).toBe(204);
  await stream.readThrough('ACK');
  stream.response.pause();
  return {
    resume: async () => {
      stream.response.resume();
      await stream.rest();
      return (await openStream(session + rest, { method })).rest();
    },
  };
}

const SOCKET_IO = '/socket.io/?EIO=4&transport=';

/** Joins by Socket.IO over polling, and does not poll again. */
async function stopsPollingSocketIO(): Promise<SlowOne> {
  const handshake = await get(server.http(`${SOCKET_IO}polling`));
  const { sid } = JSON.parse(handshake.body.slice(1)) as { sid: string };
  const session = server.http(`${SOCKET_IO}polling&sid=${sid}`);
  expect((await post(session, '40/layout,')).body).toBe('ok');
  expect((await get(session)).body).toContain('40/layout,');
  expect((await post(session, `42/layout,0["JOIN",{"room":"r1","name":"slow"}]`)).body).toBe('ok');
  expect((await get(session)).body).toBe('43/layout,0[]');
  return { resume: async () => (await get(session)).body };
}

/** Joins by Socket.IO over a WebSocket, and does not read on. */
async function stopsReadingSocketIO(): Promise<SlowOne> {
  const socket = await openSocket(server.ws(`${SOCKET_IO}websocket`));
  await socket.next();
  socket.send('40/layout,');
  await socket.next();
  socket.send(`42/layout,0["JOIN",{"room":"r1","name":"slow"}]`);
  expect(await socket.next()).toBe('43/layout,0[]');
  socket.socket.pause();
  return {
    resume: async () => {
      socket.socket.resume();
      return String((await socket.closed).code);
    },
  };
}

const SLOW_ONES: readonly { name: string; join: () => Promise<SlowOne>; end: RegExp }[] = [
  {
    name: 'an xhr-polling session that stops polling',
    join: () => stopsPolling(async (session) => (await post(`${session}/xhr`)).body),
    end: /^c\[4008,"slow consumer"\]\n$/,
  },
  {
    name: 'a jsonp session that stops polling',
    join: () => stopsPolling(async (session) => (await get(`${session}/jsonp?c=x`)).body),
    end: /^\/\*\*\/x\("c\[4008,\\"slow consumer\\"\]"\);\r\n$/,
  },
  {
    name: 'an xhr-streaming session that stops reading',
    join: () => stopsReading('POST', '/xhr_streaming'),
    end: /\nc\[4008,"slow consumer"\]\n$/,
  },
  {
    name: 'an eventsource session that stops reading',
    join: () => stopsReading('GET', '/eventsource'),
    end: /data: c\[4008,"slow consumer"\]\r\n\r\n$/,
  },
  {
    name: 'an htmlfile session that stops reading',
    join: () => stopsReading('GET', '/htmlfile?c=x'),
    end: /c\[4008,\\"slow consumer\\"\]"\);\n<\/script>\r\n$/,
  },
  {
    name: 'a Socket.IO session that stops polling',
    join: stopsPollingSocketIO,
    end: /"Session ID unknown"/,
  },
  { name: 'a Socket.IO WebSocket that stops reading', join: stopsReadingSocketIO, end: /^1006$/ },
  ...['/layout', `/layout/000/slow/websocket`].map((path) => ({
    name: `a WebSocket at ${path} that stops reading`,
    join: async (): Promise<SlowOne> => {
      const socket = await openSocket(server.ws(path));
      if (path !== '/layout') expect(await socket.next()).toBe('o');
      socket.send(path === '/layout' ? JOIN : JSON.stringify([JOIN]));
      expect(await socket.next()).toContain('ACK');
      socket.socket.pause();
      return {
        resume: async () => {
          socket.socket.resume();
          return String((await socket.closed).code);
        },
      };
    },
    // A close frame behind what the peer does not read may never arrive.
    end: /^(4008|1006)$/,
  })),
];

describe.each(SLOW_ONES)('$name', ({ join, end }) => {
  it('is closed at its outbox limit while others go on', async () => {
    const sockets: Promise<unknown>[] = [];
    const note = (socket: Socket): void => {
      sockets.push(once(socket, 'close'));
    };
    server.roomplex.httpServer.on('connection', note);
    const slow = await join();
    server.roomplex.httpServer.off('connection', note);
    const watcher = new RoomsClient(await openRawLine(server.ws('/layout')));
    expect((await watcher.ask('JOIN', { room: 'r1', name: 'quick', presence: true }))[0]).toBe('ACK');
    const publisher = new RoomsClient(await openRawLine(server.ws('/layout')));
    let sent = 0;
    let received = 0;
    const left: string[] = [];
    while (left.length === 0) {
      // Sockets on one machine take some megabytes before the outbox has to.
      expect(sent).toBeLessThan(1000);
      publisher.say('NOTIFY', { room: 'r1', message: `${++sent} ${BALLAST}` });
      while (received < sent) {
        const [event, body] = await watcher.next();
        if (event === 'PRESENCE') {
          left.push(...(body as PresenceDiff).leaves.map((member) => member.name));
        } else {
          expect(body).toMatchObject({ message: `${++received} ${BALLAST}` });
        }
      }
      // What comes after the last message and before this answer is news of members.
      for (const frame of await watcher.fence()) {
        left.push(...(frame as [string, PresenceDiff])[1].leaves.map((member) => member.name));
      }
    }
    expect(left).toEqual(['slow']);
    publisher.say('NOTIFY', { room: 'r1', message: 'and on' });
    expect(await watcher.next()).toEqual(['EVENT', { sender: 'unknown', room: 'r1', message: 'and on' }]);
    // Nothing is kept for it either: its line is cut although it does not read.
    await within('end of the lines of the slow one', Promise.all(sockets));
    expect(await slow.resume()).toMatch(end);
  });
});
