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

describe('a WebSocket through a proxy that hides the own origin', () => {
  const COOKIE =
    /^(__Host-roomplex_origin=[\w-]{43}); Max-Age=\d+; Path=\/; Secure; HttpOnly; SameSite=Strict$/;
  const origin = 'https://chat.example';
  const vouched = { host: 'upstream', origin, 'sec-fetch-site': 'same-origin' };

  /** The token that a browser gets that vouches for its origin. */
  async function token(headers: Record<string, string>): Promise<string> {
    const answer = await post(server.http(`/echo${sessionPath()}/xhr`), '', headers);
    return COOKIE.exec(answer.headers['set-cookie']?.[0] ?? '')?.[1] ?? 'none';
  }

  it('is let in with the token for the origin that the browser vouched for', async () => {
    const cookie = `theme=dark; ${await token(vouched)}; x=y`;
    for (const host of ['upstream', 'chat.example']) {
      const socket = await openSocket(server.ws('/echo/websocket'), { headers: { host, origin, cookie } });
      await socket.close();
    }
  });

  it.each([
    ['the token of another origin', { origin: 'https://evil.example' }],
    ['the token, but the browser says that it is another site', { 'sec-fetch-site': 'same-site' }],
    ['no origin that is one', { origin: 'null' }],
  ])('is refused with %s', async (_, more) => {
    const headers = { host: 'upstream', origin, cookie: await token(vouched), ...more };
    expect(await refusedUpgrade(server.ws('/echo/websocket'), { headers })).toBe(403);
  });

  it.each([
    '',
    '__Host-roomplex_origin=',
    '__Host-roomplex_origin=x',
    `x__Host-roomplex_origin=${'A'.repeat(43)}`,
  ])('is refused with the cookie %j', async (cookie) => {
    const headers = { host: 'upstream', origin, cookie };
    expect(await refusedUpgrade(server.ws('/echo/websocket'), { headers })).toBe(403);
  });

  it.each([
    ['the browser does not vouch for it', { ...vouched, 'sec-fetch-site': 'same-site' }],
    ['it names no origin', { ...vouched, origin: 'null' }],
    [
      'we see by ourselves that it is the own one',
      { host: 'x', origin: 'http://x', 'sec-fetch-site': 'same-origin' },
    ],
  ])('gets no token where %s', async (_, headers) => {
    expect(await token(headers)).toBe('none');
  });

  it('gets no second token', async () => {
    expect(await token({ ...vouched, cookie: await token(vouched) })).toBe('none');
  });
});
