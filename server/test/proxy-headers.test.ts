import { createServer } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { get, openStream, post } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket, refusedUpgrade } from './support/websocket-line.ts';

const start = serverPool();
let server: TestServer;
beforeAll(async () => {
  server = await start();
});

describe('what a session receives', () => {
  it.each([
    ['xhr', 'POST'],
    ['xhr_streaming', 'POST'],
    ['eventsource', 'GET'],
    ['htmlfile?c=x', 'GET'],
    ['jsonp?c=x', 'GET'],
  ])('through %s is for proxies to hand on at once, as it is', async (transport, method) => {
    const url = server.http(`/echo${sessionPath()}/${transport}`);
    const stream = await openStream(url, { method, headers: { 'accept-encoding': 'gzip' } });
    const { headers } = stream;
    expect(headers['x-accel-buffering']).toBe('no');
    expect(headers['cache-control']?.split(', ')).toEqual(
      expect.arrayContaining(['no-store', 'no-transform']),
    );
    expect(headers['content-encoding']).toBeUndefined();
    await stream.abort();
  });

  it('is kept by no cache when it is a refusal', async () => {
    const answer = await get(server.http(`/echo${sessionPath()}/eventsource`), {
      origin: 'http://x.example',
    });
    expect(answer).toMatchObject({ status: 403, headers: { 'cache-control': 'no-store' } });
  });
});

describe('behind a proxy that puts another name into Host', () => {
  const origin = 'https://public.example';
  const headers = { host: 'upstream', origin };

  it('a page of the same origin is let in where the browser vouches for it', async () => {
    const vouched = { ...headers, 'sec-fetch-site': 'same-origin' };
    const answer = await post(server.http(`/echo${sessionPath()}/xhr`), '', vouched);
    expect(answer).toMatchObject({ status: 200, body: 'o\n' });
    expect(answer.headers['access-control-allow-origin']).toBe(origin);
    const socket = await openSocket(server.ws(`/echo${sessionPath()}/websocket`), { headers: vouched });
    expect(await socket.next()).toBe('o');
  });

  it.each(['cross-site', 'same-site', 'none'])('a page that is %s is not', async (site) => {
    const strange = { ...headers, 'sec-fetch-site': site };
    expect((await post(server.http(`/echo${sessionPath()}/xhr`), '', strange)).status).toBe(403);
    expect(await refusedUpgrade(server.ws('/echo/websocket'), { headers: strange })).toBe(403);
  });
});

describe('an HTTP server', () => {
  it('of ours waits longer for the next request than a proxy does, and not for ever for one that began', () => {
    const { keepAliveTimeout, headersTimeout, requestTimeout } = server.roomplex.httpServer;
    expect(keepAliveTimeout).toBeGreaterThan(75_000);
    expect(headersTimeout).toBe(10_000);
    expect(requestTimeout).toBe(120_000);
  });

  it('of somebody else keeps its own times', async () => {
    const theirs = createServer({ keepAliveTimeout: 1234 });
    await start({}, theirs);
    expect(theirs.keepAliveTimeout).toBe(1234);
  });
});
