import { beforeAll, describe, expect, it } from 'vitest';
import { get, post, request, type Answer } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openSocket, refusedUpgrade } from './support/websocket-line.ts';

const PATHS = [3, 4].map((revision) => `/socket.io/?EIO=${revision}&transport=`);
const FRIEND = 'https://app.example';

let server: TestServer;
const start = serverPool();

function expectNoGrant({ headers }: Answer): void {
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['access-control-allow-credentials']).toBeUndefined();
}

/** The address of a session that a caller from this origin may use. */
async function session(path: string, origin?: string): Promise<string> {
  const url = server.http(`${path}polling`);
  const { body, status } = await get(url, origin === undefined ? {} : { origin });
  expect(status).toBe(200);
  return `${url}&sid=${/"sid":"([^"]+)"/.exec(body)?.[1]}`;
}

describe.each(PATHS)('the same origin only, at %s', (path) => {
  beforeAll(async () => {
    server = await start();
  });

  it.each(['http://evil.example', 'null', 'file://', ''])(
    'refuses %j with 403 everywhere',
    async (origin) => {
      const mine = await session(path);
      for (const url of [
        `${server.http(path)}polling`,
        mine,
        server.http('/socket.io/'),
        server.http('/socket.io'),
      ]) {
        for (const method of ['GET', 'POST', 'OPTIONS', 'PUT']) {
          const answer = await request(url, { method, headers: { origin } });
          expect({ method, url, status: answer.status }).toEqual({ method, url, status: 403 });
          expectNoGrant(answer);
        }
      }
      const options = { headers: { origin } };
      expect(await refusedUpgrade(server.ws(`${path}websocket`), options)).toBe(403);
      const continued = mine.replace('http', 'ws').replace('=polling', '=websocket');
      expect(await refusedUpgrade(continued, options)).toBe(403);
    },
  );

  it('lets its own pages in, with credentials, and those who are no browser, without', async () => {
    const { origin } = server;
    const own = await get(`${server.http(path)}polling`, { origin });
    expect(own.status).toBe(200);
    expect(own.headers['access-control-allow-origin']).toBe(origin);
    expect(own.headers['access-control-allow-credentials']).toBe('true');
    await (await openSocket(server.ws(`${path}websocket`), { headers: { origin } })).close();
    expectNoGrant(await get(`${server.http(path)}polling`));
    await (await openSocket(server.ws(`${path}websocket`))).close();
  });
});

describe.each(PATHS)('origins that are allowed, at %s', (path) => {
  it('get answers with their name and with credentials', async () => {
    server = await start({ origins: [FRIEND] });
    const mine = await session(path, FRIEND);
    const join = path.includes('=3') ? '7:40/echo' : '40/echo,';
    const answer = await post(mine, join, { origin: FRIEND });
    expect(answer).toMatchObject({ status: 200, body: 'ok' });
    expect(answer.headers['access-control-allow-origin']).toBe(FRIEND);
    expect(answer.headers['access-control-allow-credentials']).toBe('true');
    expect(answer.headers.vary).toContain('Origin');
    const asked = await request(mine, {
      method: 'OPTIONS',
      headers: { origin: FRIEND, 'access-control-request-headers': 'x-token' },
    });
    expect(asked.status).toBe(204);
    expect(asked.headers['access-control-allow-headers']).toBe('x-token');
    expect(asked.headers['access-control-allow-methods']).toContain('POST');
    expectNoGrant(await get(`${server.http(path)}polling`, { origin: 'http://evil.example' }));
    const options = { headers: { origin: FRIEND } };
    await (await openSocket(server.ws(`${path}websocket`), options)).close();
  });

  it('do not name anybody where all are, and give no credentials', async () => {
    server = await start({ origins: ['*'] });
    const { status, headers } = await get(`${server.http(path)}polling`, { origin: 'http://any.example' });
    expect(status).toBe(200);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers['access-control-allow-credentials']).toBeUndefined();
  });
});
