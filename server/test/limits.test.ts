import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bystanders } from './support/bystanders.ts';
import { expectQuiet } from './support/fence.ts';
import { get, post, request, type Answer } from './support/http-exchange.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { poll, pollingSession } from './support/polling-session.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { expectSafeError } from './support/safe-error.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine, openSocket, openSockJSLine, refusedUpgrade } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
let common: TestServer;
beforeAll(async () => {
  common = await start();
});
beforeEach(() => {
  server = common;
});

const onLayout = async (): Promise<RoomsClient> => new RoomsClient(await openRawLine(server.ws('/layout')));

describe('request bodies', () => {
  const LONG = JSON.stringify(['x'.repeat(10 * 1024 * 1024)]);

  it.each([
    ['/xhr_send', 'text/plain', false],
    ['/xhr_send', 'text/plain', true],
  ])(
    'of 10 MB are refused by %s (%s, chunked: %s), and the session lives on',
    async (rest, type, chunked) => {
      const check = await bystanders(server);
      const url = await pollingSession(server);
      const headers = { 'content-type': type };
      const answer = await request(url + rest, { method: 'POST', body: LONG, headers, chunked });
      expectSafeError(answer, 413);
      expect((await post(`${url}/xhr_send`, '["after"]')).status).toBe(204);
      expect(await poll(url)).toEqual(['after']);
      await check();
    },
  );

  it.each([
    ['application/x-www-form-urlencoded', false],
    ['text/plain', true],
  ])('of 10 MB end the session that sent them by form (%s, chunked: %s)', async (type, chunked) => {
    const check = await bystanders(server);
    const url = await pollingSession(server);
    const headers = { 'content-type': type };
    const answer = await request(`${url}/jsonp_send`, { method: 'POST', body: LONG, headers, chunked });
    expectSafeError(answer, 413);
    expect((await post(`${url}/xhr`)).body).toBe('c[1009,"body too big"]\n');
    await check();
  });

  it.each([false, true])('are counted in bytes up to the limit (chunked: %s)', async (chunked) => {
    server = await start({ limits: { body: 1000 } });
    const url = await pollingSession(server);
    const body = (text: string): string => JSON.stringify([text]);
    const send = (text: string): Promise<Answer> =>
      request(`${url}/xhr_send`, { method: 'POST', body: body(text), chunked });
    expect((await send('x'.repeat(996))).status).toBe(204);
    expectSafeError(await send('x'.repeat(997)), 413);
    expectSafeError(await send('ü'.repeat(499)), 413);
    expect(await poll(url)).toEqual(['x'.repeat(996)]);
  });

  it('are refused where no body is expected', async () => {
    server = await start({ limits: { body: 1000 } });
    const url = server.http(`/echo${sessionPath()}`);
    expectSafeError(await post(`${url}/xhr`, 'x'.repeat(1001)), 413);
    expectSafeError(await post(`${url}/xhr_streaming`, 'x'.repeat(1001)), 413);
  });

  it('have no limit where it is lifted', async () => {
    server = await start({ limits: { body: 0, message: 0, outbox: 0 } });
    const url = await pollingSession(server);
    const text = 'x'.repeat(3_000_000);
    expect((await post(`${url}/xhr_send`, JSON.stringify([text]))).status).toBe(204);
    expect(await poll(url)).toEqual([text]);
  });
});

describe('messages over the limit', () => {
  it.each([
    ['a raw WebSocket', () => openRawLine(server.ws('/echo'))],
    ['a SockJS WebSocket', () => openSockJSLine(server.ws('/echo'))],
  ])('close %s with 1009', async (_, open) => {
    server = await start({ limits: { message: 1000 } });
    const line = await open();
    await line.send('x'.repeat(1000));
    expect(await line.next()).toBe('x'.repeat(1000));
    await line.send('x'.repeat(1001));
    expect(await line.closed).toMatchObject({ code: 1009 });
  });

  it.each(['/echo', '/echo/000/abc/websocket'])('may be a 10 MB frame at %s', async (path) => {
    const check = await bystanders(server);
    const socket = await openSocket(server.ws(path));
    socket.send(JSON.stringify(['x'.repeat(10 * 1024 * 1024)]));
    // The server may hang up before it has read all of the frame, and then its reason cannot arrive.
    expect([1009, 1006]).toContain((await socket.closed).code);
    await check();
  });

  it('close a session over HTTP with 1009, and its messages before that are heard', async () => {
    server = await start({ limits: { message: 1000 } });
    const url = await pollingSession(server);
    expect((await post(`${url}/xhr_send`, JSON.stringify(['ok', 'x'.repeat(1001), 'late']))).status).toBe(
      204,
    );
    expect(await poll(url)).toEqual(['ok']);
    expect((await post(`${url}/xhr`)).body).toMatch(/^c\[1009,/);
  });

  it('may be as long as they like where the limit is lifted', async () => {
    server = await start({ limits: { message: 0, outbox: 0 } });
    for (const open of [openRawLine, openSockJSLine]) {
      const line = await open(server.ws('/echo'));
      await line.send('x'.repeat(2_000_000));
      expect((await line.next()).length).toBe(2_000_000);
    }
  });
});

describe('connections', () => {
  it('are at most so many in all', async () => {
    server = await start({ limits: { connections: 2 } });
    const first = await openSocket(server.ws('/echo'));
    await pollingSession(server);
    expect(await refusedUpgrade(server.ws('/echo'))).toBe(503);
    expect(await refusedUpgrade(server.ws('/echo/000/abc/websocket'))).toBe(503);
    expectSafeError(await post(server.http(`/echo${sessionPath()}/xhr`)), 503);
    first.send('x');
    expect(await first.next()).toBe('x');
  });
});

describe('many topics', () => {
  it('on one connection: ten thousand where the limit is lifted, and none is left behind', async () => {
    server = await start({ limits: { topics: 0, joins: 0 } });
    const client = await MultiplexClient.over(await openSockJSLine(server.ws('/multiplex')));
    const topics = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    for (let at = 0; at < topics.length; at += 1000) {
      client.say(...topics.slice(at, at + 1000).map((topic) => `sub,${topic}`));
    }
    for (const topic of ['t0', 't5000', 't9999']) {
      client.say(`msg,${topic},x`);
      expect(await client.next()).toBe(`msg,${topic},x`);
    }
    expect(await roomCount()).toBe(10_000);
    await client.close();
    const other = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
    await expectQuiet(other);
    expect(await roomCount()).toBe(0);
  });

  it('on one connection: a thousand by default, whatever it asks for', async () => {
    server = await start();
    const client = await MultiplexClient.over(await openSockJSLine(server.ws('/multiplex')));
    for (let at = 0; at < 10; at++) {
      client.say(...Array.from({ length: 1000 }, (_, index) => `sub,t${at * 1000 + index}`));
    }
    await expectQuiet(client);
    expect(await roomCount()).toBe(999);
  });

  it('in all: no more rooms than the limit', async () => {
    server = await start({ limits: { rooms: 5 } });
    const client = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
    for (let index = 0; index < 10; index++) client.say(`sub,t${index}`);
    await expectQuiet(client);
    expect(await roomCount()).toBe(5);
    const ann = await onLayout();
    expect(await ann.ask('JOIN', { room: 'one more', name: 'ann' })).toMatchObject([
      'ERROR',
      { code: 'limit' },
    ]);
    expect(await ann.ask('JOIN', { room: 't0', name: 'ann' })).toEqual(['ACK', 2]);
  });

  async function roomCount(): Promise<number> {
    return (JSON.parse((await get(server.http('/api/overview'))).body) as { roomCount: number }).roomCount;
  }
});
