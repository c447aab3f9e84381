import { beforeAll, describe, expect, it } from 'vitest';
import { createServer } from '../create-server.ts';
import { get, post, request } from './support/http-exchange.ts';
import { pollingSession } from './support/polling-session.ts';
import { expectSafeError } from './support/safe-error.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openSocket, refusedUpgrade } from './support/websocket-line.ts';

type Headers = Readonly<Record<string, string>>;

const start = serverPool();
/** Its peers here are proxies. */
let behind: TestServer;
/** Its peers here are not. */
let exposed: TestServer;
const ANN = { 'x-forwarded-for': '192.0.2.1' };
const BOB = { 'x-forwarded-for': '192.0.2.2' };

beforeAll(async () => {
  const limits = { sessions: 2 };
  behind = await start({ trustProxy: ['loopback', '10.0.0.0/8'], limits });
  exposed = await start({ trustProxy: '10.0.0.0/8', limits });
});

describe('the address of a client', () => {
  it('counts for how many sessions there may be from one', async () => {
    for (const headers of [ANN, ANN, BOB]) await pollingSession(behind, '/echo', { headers });
    expectSafeError(await post(behind.http(`/echo${sessionPath()}/xhr`), '', ANN), 503);
    await pollingSession(behind, '/echo', { headers: BOB });
    const polling = '/socket.io/?EIO=4&transport=polling';
    expect((await get(behind.http(polling), ANN)).status).toBe(503);
  });

  it('says who owns a session', async () => {
    const carl = { 'x-forwarded-for': '192.0.2.3' };
    const url = await pollingSession(behind, '/echo', { headers: carl });
    expectSafeError(await post(`${url}/xhr_send`, '["stolen"]', BOB), 404);
    expectSafeError(await post(`${url}/xhr_send`, '["stolen"]'), 404);
    expect((await post(`${url}/xhr_send`, '["mine"]', carl)).status).toBe(204);
  });

  it('cannot be made up by clients that nobody trusts', async () => {
    for (let number = 1; number <= 2; number++) {
      await pollingSession(exposed, '/echo', { headers: { 'x-forwarded-for': `192.0.2.${number}` } });
    }
    const third = { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=192.0.2.3' };
    expectSafeError(await post(exposed.http(`/echo${sessionPath()}/xhr`), '', third), 503);
    const elsewhere = { localAddress: '127.0.0.2' };
    const url = await pollingSession(exposed, '/echo', elsewhere);
    expectSafeError(await post(`${url}/xhr_send`, '["stolen"]', { 'x-forwarded-for': '127.0.0.2' }), 404);
  });

  it('names its network to the doctor', async () => {
    const network = async (headers: Headers, server = behind) => {
      const { body } = await get(server.http('/doctor/mirror'), headers);
      return (JSON.parse(body) as { network: string }).network;
    };
    expect(await network(ANN)).toBe(await network(ANN));
    expect(await network(ANN)).not.toBe(await network(BOB));
    expect(await network(ANN, exposed)).toBe(await network(BOB, exposed));
  });
});

describe('the own origin', () => {
  const origin = 'https://chat.example';
  const told = { origin, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'chat.example' };
  const standard = { origin, forwarded: 'for=192.0.2.50;proto=https;host=chat.example' };
  const kept = { origin, host: 'chat.example', 'x-forwarded-proto': 'wss' };

  it.each([
    ['X-Forwarded-Proto and -Host', told],
    ['Forwarded', standard],
    ['X-Forwarded-Proto and Host', kept],
  ])('is that of %s from a trusted proxy', async (_, headers) => {
    const socket = await openSocket(behind.ws('/echo/websocket'), { headers });
    await socket.close();
    const from = { 'x-forwarded-for': '192.0.2.51', ...headers };
    const answer = await post(
      behind.http(`/echo${sessionPath()}/xhr`),
      '',
      headers === standard ? headers : from,
    );
    expect(answer).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } });
    expect(await refusedUpgrade(exposed.ws('/echo/websocket'), { headers })).toBe(403);
  });

  it.each([
    ['another', { ...told, origin: 'https://evil.example' }],
    ['without TLS', { ...told, 'x-forwarded-proto': 'http' }],
    ['of a host that is none', { ...told, 'x-forwarded-host': 'chat.example/..' }],
  ])('is not %s', async (_, headers) => {
    expect(await refusedUpgrade(behind.ws('/echo/websocket'), { headers })).toBe(403);
  });
});

it('gives the owner cookie to TLS alone where the browser speaks TLS to the proxy', async () => {
  const server = await start({ trustProxy: 1, web: (_request, response) => response.end('page') });
  const page = { 'sec-fetch-dest': 'document', 'x-forwarded-proto': 'https' };
  const cookie = async (headers: Headers) =>
    String((await get(server.http('/'), headers)).headers['set-cookie']);
  expect(await cookie(page)).toContain('Secure');
  expect(await cookie({ ...page, 'x-forwarded-proto': 'http' })).not.toContain('Secure');
});

it('tells the doctor that the browser speaks TLS', async () => {
  const { body } = await request(behind.http('/doctor/mirror'), {
    headers: { 'x-forwarded-proto': 'https' },
  });
  expect(JSON.parse(body)).toMatchObject({ secure: true });
});

it('refuses to trust what is nothing', () => {
  expect(() => createServer(null, { trustProxy: ['10.0.0.0/8', 'proxy.example'] })).toThrow(
    'trustProxy: "proxy.example" is no address',
  );
});
