import { beforeAll, describe, expect, it } from 'vitest';
import { get } from '../../test/support/http-exchange.ts';
import { pollingSession } from '../../test/support/polling-session.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { serviceProbe } from '../../test/support/service-probe.ts';
import { sessionPath } from '../../test/support/session-path.ts';
import { openSocket } from '../../test/support/websocket-line.ts';

type Headers = Readonly<Record<string, string>>;

const start = serverPool();
const probe = serviceProbe();
/** Its peers here are proxies. */
let behind: TestServer;
beforeAll(async () => {
  behind = await start({ trustProxy: ['loopback', '10.0.0.0/8'], services: { who: probe.sessions } });
});

describe('the address that a controller sees', () => {
  const ways = [
    ['a request', (headers: Headers) => get(behind.http('/service/who'), headers)],
    ['a WebSocket', (headers: Headers) => openSocket(behind.ws('/service/who'), { headers })],
    [
      'a SockJS WebSocket',
      (headers: Headers) => openSocket(behind.ws(`/service/who${sessionPath()}/websocket`), { headers }),
    ],
    ['a session over HTTP', (headers: Headers) => pollingSession(behind, '/service/who', { headers })],
  ] as const;

  it.each(ways)('of %s is what a trusted proxy says', async (_, come) => {
    await come({ 'x-forwarded-for': '192.0.2.77' });
    expect((await probe.requests.next()).remoteAddress).toBe('192.0.2.77');
  });

  it.each([
    [
      'the first that is not trusted',
      { 'x-forwarded-for': '6.6.6.6, 192.0.2.1, 10.0.0.1, 10.9.9.9' },
      '192.0.2.1',
    ],
    ['the farthest where all are trusted', { 'x-forwarded-for': '10.0.0.3, 10.0.0.2' }, '10.0.0.3'],
    ['without the port', { 'x-forwarded-for': '6.6.6.6, 192.0.2.1:4711' }, '192.0.2.1'],
    ['IPv6', { 'x-forwarded-for': '[2001:db8::1]:4711' }, '2001:db8::1'],
    ['what Forwarded says', { forwarded: 'for=6.6.6.6, for="192.0.2.1:80";proto=https' }, '192.0.2.1'],
    [
      'that of the last known where nothing is known',
      { 'x-forwarded-for': '192.0.2.1, unknown, 10.0.0.1' },
      '10.0.0.1',
    ],
    ['that of the proxy where it says nonsense', { 'x-forwarded-for': '"; DROP TABLE' }, '127.0.0.1'],
    ['that of the proxy where it says nothing', {}, '127.0.0.1'],
    ['no concern of X-Real-IP', { 'x-real-ip': '192.0.2.1' }, '127.0.0.1'],
  ])('is %s', async (_, headers, address) => {
    await get(behind.http('/service/who'), headers as Headers);
    expect((await probe.requests.next()).remoteAddress).toBe(address);
  });
});
