import { describe, expect, it } from 'vitest';
import type { Overview } from '../../protocol/overview.ts';
import { get } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openRawLine, openSockJSLine } from './support/websocket-line.ts';

const start = serverPool();

async function overviewOf(server: TestServer): Promise<Overview> {
  return JSON.parse((await get(server.http('/api/overview'))).body) as Overview;
}

describe('the overview', () => {
  it('counts connections by protocol and transport, in sums and in pairs', async () => {
    const server = await start();
    expect(await overviewOf(server)).toMatchObject({ connections: 0, byGatewayAndTransport: [] });
    await openRawLine(server.ws('/layout'));
    await openRawLine(server.ws('/layout'));
    await openSockJSLine(server.ws('/layout'));
    const echo = await openRawLine(server.ws('/echo'));
    const pairs = [
      { gateway: 'layout', transport: 'websocket-raw', connections: 2 },
      { gateway: 'layout', transport: 'websocket', connections: 1 },
    ];
    expect(await overviewOf(server)).toMatchObject({
      connections: 4,
      byGateway: { layout: 3, echo: 1 },
      byTransport: { 'websocket-raw': 3, websocket: 1 },
      byGatewayAndTransport: [...pairs, { gateway: 'echo', transport: 'websocket-raw', connections: 1 }],
    });
    await echo.close();
    await expect.poll(async () => (await overviewOf(server)).byGatewayAndTransport).toEqual(pairs);
  });

  it('tells what was ignored, by place and reason', async () => {
    const server = await start();
    expect(await overviewOf(server)).toMatchObject({ ignored: 0, ignoredBy: [] });
    const line = await openRawLine(server.ws('/layout'));
    await line.send('no verb', '["NO_SUCH",{}]', '["NOR_SUCH",{}]');
    for (let i = 0; i < 3; i++) await line.next();
    expect(await overviewOf(server)).toMatchObject({
      ignored: 3,
      ignoredBy: [
        { place: 'layout', reason: 'bad-request', count: 1 },
        { place: 'layout', reason: 'unknown-event', count: 2 },
      ],
    });
  });
});
