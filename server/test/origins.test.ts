import { beforeAll, describe, expect, it } from 'vitest';
import { get, post, request, type Answer } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket, refusedUpgrade } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();

/** Everything that a page could ask for under a gateway's path. */
const ASKS: readonly { method: string; rest: () => string }[] = [
  { method: 'GET', rest: () => '' },
  { method: 'GET', rest: () => '/info' },
  { method: 'OPTIONS', rest: () => '/info' },
  { method: 'GET', rest: () => '/iframe.html' },
  { method: 'POST', rest: () => `${sessionPath()}/xhr` },
  { method: 'OPTIONS', rest: () => `${sessionPath()}/xhr` },
  { method: 'POST', rest: () => `${sessionPath()}/xhr_send` },
  { method: 'POST', rest: () => `${sessionPath()}/xhr_streaming` },
  { method: 'GET', rest: () => `${sessionPath()}/eventsource` },
  { method: 'GET', rest: () => `${sessionPath()}/htmlfile?c=x` },
  { method: 'GET', rest: () => `${sessionPath()}/jsonp?c=x` },
  { method: 'POST', rest: () => `${sessionPath()}/jsonp_send` },
];
const UPGRADES = ['', '/websocket', '/000/abc/websocket'];

function expectNoGrant({ headers }: Answer): void {
  expect(headers['access-control-allow-origin']).toBeUndefined();
  expect(headers['access-control-allow-credentials']).toBeUndefined();
}

describe('the same origin only', () => {
  beforeAll(async () => {
    server = await start();
  });

  const gateways = (): readonly string[] => {
    const { paths } = server.roomplex;
    expect(paths).toContain('/multiplex');
    return paths;
  };

  /** Origins of pages that are not ours, some of them nearly. */
  const foreign = (): string[] => [
    'http://evil.example',
    'null',
    `https://127.0.0.1:${server.port}`,
    `http://127.0.0.1:${server.port + 1}`,
    'http://127.0.0.1',
    `http://127.0.0.1:${server.port}.evil.example`,
    `http://evil.example:${server.port}`,
    `http://localhost:${server.port}`,
    'file://',
    '',
  ];

  it('refuses every foreign page at every gateway with 403, and never names its origin', async () => {
    for (const path of gateways()) {
      for (const { method, rest } of ASKS) {
        for (const origin of ['http://evil.example', 'null']) {
          const ask = `${method} ${path}${rest()}`;
          const answer = await request(server.http(path + rest()), { method, headers: { origin } });
          expect({ ask, origin, status: answer.status }).toEqual({ ask, origin, status: 403 });
          expectNoGrant(answer);
        }
      }
    }
  });

  it('refuses the upgrade of every foreign page at every gateway with 403', async () => {
    for (const path of gateways()) {
      for (const rest of UPGRADES) {
        for (const origin of ['http://evil.example', 'null']) {
          expect(await refusedUpgrade(server.ws(path + rest), { headers: { origin } })).toBe(403);
        }
      }
    }
  });

  it('is not fooled by origins that look like its own', async () => {
    for (const origin of foreign()) {
      const answer = await post(server.http(`/echo${sessionPath()}/xhr`), '', { origin });
      expect({ origin, status: answer.status }).toEqual({ origin, status: 403 });
      expectNoGrant(answer);
      const status = await refusedUpgrade(server.ws('/echo'), { headers: { origin } });
      expect({ origin, status }).toEqual({ origin, status: 403 });
    }
  });

  it('lets its own pages in at every gateway, with credentials', async () => {
    for (const path of gateways()) {
      const answer = await post(server.http(`${path}${sessionPath()}/xhr`), '', { origin: server.origin });
      expect(answer).toMatchObject({ status: 200, body: 'o\n' });
      expect(answer.headers['access-control-allow-origin']).toBe(server.origin);
      expect(answer.headers['access-control-allow-credentials']).toBe('true');
      for (const rest of UPGRADES) {
        const socket = await openSocket(server.ws(path + rest), { headers: { origin: server.origin } });
        await socket.close();
      }
    }
  });

  it('lets in those who are no browser', async () => {
    const answer = await get(server.http('/echo/info'));
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it.each(['/', '/healthcheck', '/healthz', '/metrics', '/api/overview', '/nowhere'])(
    'grants a foreign page nothing at %s',
    async (path) => {
      const { headers } = await get(server.http(path), { origin: 'http://evil.example' });
      expect(headers['access-control-allow-credentials']).toBeUndefined();
      expect(headers['access-control-allow-origin'] ?? '').not.toContain('evil');
    },
  );
});

describe('an origin that is allowed by name', () => {
  beforeAll(async () => {
    server = await start({ origins: ['https://app.example', 'http://other.example:8080'] });
  });

  it.each(['https://app.example', 'http://other.example:8080'])(
    'lets %s in, with credentials',
    async (origin) => {
      const answer = await get(server.http('/multiplex/info'), { origin });
      expect(answer.status).toBe(200);
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
      expect(answer.headers['access-control-allow-credentials']).toBe('true');
      expect(answer.headers.vary?.toLowerCase()).toContain('origin');
      for (const rest of UPGRADES) {
        const socket = await openSocket(server.ws(`/echo${rest}`), { headers: { origin } });
        await socket.close();
      }
    },
  );

  it.each([
    'http://app.example',
    'https://app.example:8443',
    'https://app.example.evil.example',
    'https://evil-app.example',
    'https://sub.app.example',
    'http://other.example',
    'null',
  ])('does not let %s in', async (origin) => {
    const answer = await get(server.http('/multiplex/info'), { origin });
    expect(answer.status).toBe(403);
    expectNoGrant(answer);
    expect(await refusedUpgrade(server.ws('/multiplex'), { headers: { origin } })).toBe(403);
  });

  it('still lets its own pages in', async () => {
    expect((await get(server.http('/multiplex/info'), { origin: server.origin })).status).toBe(200);
  });

  it('keeps a session to the origin that opened it', async () => {
    const session = server.http(`/echo${sessionPath()}`);
    const mine = { origin: 'https://app.example' };
    const theirs = { origin: 'http://other.example:8080' };
    expect((await post(`${session}/xhr`, '', mine)).body).toBe('o\n');
    expect((await post(`${session}/xhr_send`, '["stolen"]', theirs)).status).toBe(404);
    expect((await post(`${session}/xhr`, '', theirs)).status).toBe(404);
    expect((await post(`${session}/xhr_streaming`, '', theirs)).status).toBe(404);
    expect((await get(`${session}/eventsource`, theirs)).status).toBe(404);
    expect((await post(`${session}/xhr_send`, '["mine"]', mine)).status).toBe(204);
    expect((await post(`${session}/xhr`, '', mine)).body).toBe('a["mine"]\n');
  });

  it('may post to /bus-message', async () => {
    const type = { 'content-type': 'application/json' };
    const url = server.http('/bus-message/b1');
    expect((await post(url, '{}', { ...type, origin: 'https://app.example' })).status).toBe(200);
    expect((await post(url, '{}', { ...type, origin: 'http://app.example' })).status).toBe(403);
  });
});

describe('all origins', () => {
  beforeAll(async () => {
    server = await start({ origins: ['*'] });
  });

  it.each(['http://evil.example', 'null'])('are let in without credentials, %s too', async (origin) => {
    for (const { method, rest } of ASKS.filter((ask) => !ask.rest().includes('stream'))) {
      if (rest().includes('eventsource') || rest().includes('htmlfile')) continue;
      const answer = await request(server.http(`/echo${rest()}`), { method, headers: { origin } });
      expect(answer.status).not.toBe(403);
      expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
      expect(answer.headers['access-control-allow-origin'] ?? '*').toBe('*');
    }
    for (const rest of UPGRADES) {
      const socket = await openSocket(server.ws(`/echo${rest}`), { headers: { origin } });
      await socket.close();
    }
  });

  it('keep their sessions to themselves', async () => {
    const session = server.http(`/echo${sessionPath()}`);
    expect((await post(`${session}/xhr`, '', { origin: 'http://a.example' })).body).toBe('o\n');
    const stolen = await post(`${session}/xhr_send`, '["x"]', { origin: 'http://b.example' });
    expect(stolen.status).toBe(404);
    const own = await post(`${session}/xhr_send`, '["x"]', { origin: 'http://a.example' });
    expect(own.status).toBe(204);
  });

  it('get credentials only when they are our own', async () => {
    const { headers } = await get(server.http('/echo/info'), { origin: server.origin });
    expect(headers['access-control-allow-origin']).toBe(server.origin);
    expect(headers['access-control-allow-credentials']).toBe('true');
  });
});
