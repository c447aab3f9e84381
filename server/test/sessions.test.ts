import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { get, post, request } from './support/http-exchange.ts';
import { poll, pollingSession } from './support/polling-session.ts';
import { expectSafeError } from './support/safe-error.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
let common: TestServer;
beforeAll(async () => {
  common = await start();
});
beforeEach(() => {
  server = common;
});

describe('session ids', () => {
  it.each([
    '__proto__',
    'constructor',
    'toString',
    'valueOf',
    'hasOwnProperty',
    '__defineGetter__',
    'prototype',
    'undefined',
    'null',
    '0',
    '%00',
  ])('like %s behave like any other', behavesLikeAnyOther);

  it('of any length behave like any other', () => behavesLikeAnyOther('x'.repeat(2000)));

  async function behavesLikeAnyOther(id: string): Promise<void> {
    const url = server.http(`/echo/000/${id}`);
    expect((await post(`${url}/xhr_send`, '["early"]')).status).toBe(404);
    expect((await post(`${url}/jsonp_send`, '["early"]', { 'content-type': 'text/plain' })).status).toBe(404);
    expect(await post(`${url}/xhr`)).toMatchObject({ status: 200, body: 'o\n' });
    expect((await post(`${url}/xhr_send`, '["x"]')).status).toBe(204);
    expect(await poll(url)).toEqual(['x']);
    const socket = await openSocket(server.ws(`/echo/000/${id}/websocket`));
    expect(await socket.next()).toBe('o');
  }

  it('belong to their base URL', async () => {
    const id = sessionPath();
    const { paths } = server.roomplex;
    expect(paths).toContain('/echo');
    for (const path of paths) {
      for (const rest of ['/xhr_send', '/jsonp_send']) {
        const answer = await post(server.http(path + id + rest), '["x"]', { 'content-type': 'text/plain' });
        expect(answer.status).toBe(404);
      }
      // A session of that id here is another one than those before.
      expect((await post(server.http(`${path}${id}/xhr`))).body).toBe('o\n');
    }
    expect((await post(server.http(`/echo${id}/xhr_send`), '["mine"]')).status).toBe(204);
    expect(await poll(server.http(`/echo${id}`))).toEqual(['mine']);
  });

  it('do not let another address in', async () => {
    const url = await pollingSession(server);
    const elsewhere = { localAddress: '127.0.0.2' };
    for (const rest of ['/xhr_send', '/jsonp_send', '/xhr', '/xhr_streaming']) {
      const answer = await request(url + rest, { method: 'POST', body: '["stolen"]', ...elsewhere });
      expectSafeError(answer, 404);
    }
    for (const rest of ['/eventsource', '/htmlfile?c=x', '/jsonp?c=x']) {
      expectSafeError(await request(url + rest, elsewhere), 404);
    }
    expect((await post(`${url}/xhr_send`, '["mine"]')).status).toBe(204);
    expect(await poll(url)).toEqual(['mine']);
  });

  it('do not let another owner in', async () => {
    const cookie = { cookie: 'theme=dark; roomplex_owner=ann; x=y' };
    const url = await pollingSession(server, '/echo', { headers: cookie });
    const others = [
      {},
      { cookie: 'roomplex_owner=bob' },
      { cookie: 'xroomplex_owner=ann' },
      { cookie: 'roomplex_owner=' },
      { cookie: 'roomplex_owner=anna' },
    ];
    for (const headers of others) {
      expectSafeError(await post(`${url}/xhr_send`, '["stolen"]', headers), 404);
      expectSafeError(await post(`${url}/xhr`, '', headers), 404);
      expectSafeError(await get(`${url}/htmlfile?c=x`, headers), 404);
    }
    expect((await post(`${url}/xhr_send`, '["mine"]', cookie)).status).toBe(204);
    expect((await post(`${url}/xhr`, '', cookie)).body).toBe('a["mine"]\n');
  });

  it('let the owner in from another address, as phones do that change networks', async () => {
    const headers = { cookie: 'roomplex_owner=ann' };
    const url = await pollingSession(server, '/echo', { headers });
    const answer = await request(`${url}/xhr_send`, {
      method: 'POST',
      body: '["roaming"]',
      headers,
      localAddress: '127.0.0.2',
    });
    expect(answer.status).toBe(204);
  });

  it('let a browser in that was given a cookie, whatever address its proxy comes from', async () => {
    const vouched = { 'sec-fetch-site': 'same-origin' };
    const url = server.http(`/echo${sessionPath()}`);
    const { headers } = await post(`${url}/xhr?heartbeat=5000`, '', vouched);
    const given = headers['set-cookie']?.[0] ?? '';
    expect(given).toMatch(/^roomplex_owner=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax$/);
    const send = (cookie: string) =>
      request(`${url}/xhr_send`, {
        method: 'POST',
        body: '["x"]',
        headers: { cookie },
        localAddress: '127.0.0.2',
      });
    expect((await send(given.split(';')[0] ?? '')).status).toBe(204);
    expectSafeError(await send('roomplex_owner=somebody-else'), 404);
    expectSafeError(await send(''), 404);
  });

  it.each([
    ['is no browser', '/xhr?heartbeat=5000', {}],
    ['comes from elsewhere', '/xhr?heartbeat=5000', { 'sec-fetch-site': 'same-site' }],
    ['has one', '/xhr?heartbeat=5000', { 'sec-fetch-site': 'same-origin', cookie: 'roomplex_owner=ann' }],
    ['speaks plain SockJS', '/xhr', { 'sec-fetch-site': 'same-origin' }],
  ])('give no cookie to who %s', async (_, rest, headers) => {
    const answer = await post(server.http(`/echo${sessionPath()}${rest}`), '', headers);
    expect(answer).toMatchObject({ status: 200, body: 'o\n' });
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it('that a browser opens side by side are marked alike, for it keeps one cookie of all it is given', async () => {
    const headers = { 'sec-fetch-site': 'same-origin', 'user-agent': 'one browser' };
    const marks = await Promise.all(
      ['a', 'b', 'c'].map(async (name) => {
        const url = server.http(`/echo/000/side-by-side-${name}/xhr?heartbeat=5000`);
        return (await post(url, '', headers)).headers['set-cookie'];
      }),
    );
    expect(marks).toEqual([marks[0], marks[0], marks[0]]);
    const other = server.http('/echo/000/side-by-side-d/xhr?heartbeat=5000');
    const elsewhere = await post(other, '', { ...headers, 'user-agent': 'another' });
    expect(elsewhere.headers['set-cookie']).not.toEqual(marks[0]);
  });

  it('are at most so many from one address', async () => {
    server = await start({ limits: { sessions: 3 } });
    for (let i = 0; i < 3; i++) await pollingSession(server);
    expectSafeError(await post(server.http(`/echo${sessionPath()}/xhr`)), 503);
    expectSafeError(await get(server.http(`/layout${sessionPath()}/htmlfile?c=x`)), 503);
    await pollingSession(server, '/echo', { localAddress: '127.0.0.2' });
    // A request that opens no session needs no room for one.
    expect((await post(server.http(`/echo${sessionPath()}/xhr_send`), '[]')).status).toBe(404);
  });

  it('that never opened hold no place', async () => {
    server = await start({ limits: { sessions: 1 } });
    for (let i = 0; i < 5; i++) {
      expect((await get(server.http(`/echo${sessionPath()}/jsonp`))).status).toBe(500);
      expect((await get(server.http(`/echo${sessionPath()}/htmlfile?c=%3C`))).status).toBe(500);
    }
    await pollingSession(server);
  });
});
