import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { PresenceDiff } from '../../protocol/rooms.ts';
import {
  get,
  openStream,
  post,
  startRequest,
  type HttpStream,
  type PendingRequest,
} from './support/http-exchange.ts';
import { within } from './support/inbox.ts';
import { HTTP_TRANSPORT_NAMES, openHttpLine } from './support/http-line.ts';
import type { Line } from './support/line.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine, openSocket, openSockJSLine } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
beforeEach(async () => {
  server = await start({ heartbeatMs: 100 });
});

describe('a heartbeat', () => {
  it('is an h frame on a SockJS WebSocket', async () => {
    const socket = await openSocket(server.ws(`/echo${sessionPath()}/websocket`));
    expect([await socket.next(), await socket.next(), await socket.next()]).toEqual(['o', 'h', 'h']);
  });

  it('is a ping on a raw WebSocket, which has no frames for it', async () => {
    const socket = await openSocket(server.ws('/echo'));
    for (let beats = 0; beats < 2; beats++) {
      await within('a ping', new Promise<void>((resolve) => socket.socket.once('ping', () => resolve())));
    }
    socket.send('x');
    expect(await socket.next()).toBe('x');
  });

  it.each([
    ['/xhr_streaming', 'POST', 'h\n', '\n'],
    ['/eventsource', 'GET', 'data: h\r\n\r\n', '\r\n\r\n'],
    ['/htmlfile?c=x', 'GET', '<script>\np("h");\n</script>\r\n', '</script>\r\n'],
  ])('comes through %s', async (rest, method, beat, delimiter) => {
    const stream: HttpStream = await openStream(server.http(`/echo${sessionPath()}${rest}`), { method });
    await stream.readThrough('o');
    let frame: string;
    do frame = await stream.readThrough(delimiter);
    while (frame !== beat);
    expect(await stream.readThrough(delimiter)).toBe(beat);
    await stream.abort();
  });

  it.each([
    ['/xhr', post, 'h\n'],
    ['/jsonp?c=x', get, '/**/x("h");\r\n'],
  ] as const)('ends a poll of %s that waits', async (rest, ask, beat) => {
    const session = server.http(`/echo${sessionPath()}`);
    await ask(session + rest);
    expect((await ask(session + rest)).body).toBe(beat);
    expect((await ask(session + rest)).body).toBe(beat);
  });

  it.each(['/layout', '/layout/000/mute/websocket'])(
    'that nobody answers at %s ends the connection',
    async (path) => {
      const watcher = await watch();
      const mute = await openSocket(server.ws(path), { autoPong: false });
      if (path !== '/layout') expect(await mute.next()).toBe('o');
      const join = JSON.stringify(['JOIN', { room: 'r1', name: 'mute' }]);
      mute.send(path === '/layout' ? join : JSON.stringify([join]));
      await watcher.leave('mute');
      await within('end of the line', mute.closed);
      await watcher.client.fence();
    },
  );
});

describe('a session over HTTP', () => {
  it('ends when nobody has come for its frames for five seconds', async () => {
    const watcher = await watch();
    const session = server.http(`/layout${sessionPath()}`);
    expect((await post(`${session}/xhr`)).body).toBe('o\n');
    const join = JSON.stringify(['JOIN', { room: 'r1', name: 'gone' }]);
    expect((await post(`${session}/xhr_send`, JSON.stringify([join]))).status).toBe(204);
    await watcher.leave('gone');
    expect((await post(`${session}/xhr_send`, '[]')).status).toBe(404);
  });

  it.each(['xhr-streaming', 'eventsource', 'htmlfile'] as const)(
    'over %s ends when its stream is cut off',
    async (transport) => {
      const watcher = await watch();
      const client = new RoomsClient(await openHttpLine(server.http('/layout'), transport));
      expect(await client.ask('JOIN', { room: 'r1', name: 'cut' })).toEqual(['ACK', 1]);
      await client.close();
      await watcher.leave('cut');
    },
  );

  it.each([
    ['/xhr', 'POST'],
    ['/jsonp?c=x', 'GET'],
  ])('ends when a waiting poll of %s is cut off', async (rest, method) => {
    const watcher = await watch();
    const url = server.http(`/layout${sessionPath()}`);
    const poll = (): PendingRequest => startRequest(url + rest, { method });
    expect(await (await poll().answered).rest()).toContain('o');
    const join = JSON.stringify(['JOIN', { room: 'r1', name: 'cut' }]);
    expect((await post(`${url}/xhr_send`, JSON.stringify([join]))).status).toBe(204);
    // Of two polls the second is turned away at once, and then the other one surely waits.
    const polls = [poll(), poll()];
    const turnedAway = await Promise.race(polls.map(({ answered }) => answered));
    expect(await turnedAway.rest()).toContain('c[2010');
    await Promise.all(polls.map((waiting) => waiting.abort()));
    await watcher.leave('cut');
  });
});

describe('a server that closes', () => {
  const LINES: readonly { name: string; open: () => Promise<Line> }[] = [
    { name: 'a raw WebSocket', open: () => openRawLine(server.ws('/echo')) },
    { name: 'a SockJS WebSocket', open: () => openSockJSLine(server.ws('/echo')) },
    ...HTTP_TRANSPORT_NAMES.map((name) => ({ name, open: () => openHttpLine(server.http('/echo'), name) })),
  ];

  it('says 1001 on every transport, after all that it owes', async () => {
    const lines = await Promise.all(LINES.map(({ open }) => open()));
    for (const line of lines) await line.send('owed');
    await server.close();
    for (const [index, line] of lines.entries()) {
      const name = LINES[index]?.name;
      expect({ name, heard: await line.next() }).toEqual({ name, heard: 'owed' });
      expect({ name, code: (await line.closed).code }).toEqual({ name, code: 1001 });
    }
  });

  it('is not ready any more, takes nobody new, and stops listening', async () => {
    await server.close();
    await expect(get(server.http('/readyz'))).rejects.toThrow();
    await expect(openSocket(server.ws('/echo'))).rejects.toThrow();
  });

  it('cuts off who does not say goodbye', async () => {
    const { hostname, port } = new URL(server.http('/'));
    const deaf = connect(Number(port), hostname);
    deaf.write(
      'GET /echo HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await once(deaf, 'data');
    deaf.resume();
    const isCut = once(deaf, 'close');
    await Promise.all([server.close(), isCut]);
  });

  it('may be closed twice', async () => {
    await Promise.all([server.close(), server.close()]);
    await server.close();
  });
});

/** A member of `r1` that waits for another one to come and go. */
async function watch(): Promise<{ client: RoomsClient; leave(name: string): Promise<void> }> {
  const client = new RoomsClient(await openRawLine(server.ws('/layout')));
  await client.ask('JOIN', { room: 'r1', name: 'watcher', presence: true });
  return {
    client,
    async leave(name) {
      const isOf = (changes: PresenceDiff['joins']): boolean =>
        changes.some((member) => member.name === name);
      let hasJoined = false;
      for (;;) {
        const [event, body] = await client.next();
        expect(event).toBe('PRESENCE');
        const { joins, leaves } = body as PresenceDiff;
        hasJoined ||= isOf(joins);
        if (isOf(leaves)) break;
      }
      expect(hasJoined).toBe(true);
    },
  };
}
