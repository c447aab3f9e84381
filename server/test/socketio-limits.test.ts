import { once } from 'node:events';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../../protocol/overview.ts';
import { bystanders } from './support/bystanders.ts';
import { get, post, request, startRequest } from './support/http-exchange.ts';
import { within } from './support/inbox.ts';
import { expectSafeError } from './support/safe-error.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { SOCKET_IO_VERSIONS } from './support/socketio-clients.ts';
import { openSocketIOLine } from './support/socketio-line.ts';
import { openSocket, refusedUpgrade, type TextSocket } from './support/websocket-line.ts';

const POLLING = '/socket.io/?EIO=4&transport=polling';
const WEBSOCKET = '/socket.io/?EIO=4&transport=websocket';

let server: TestServer;
const start = serverPool();
beforeEach(async () => {
  server = await start();
});

async function overview(): Promise<Overview> {
  return JSON.parse((await get(server.http('/api/overview'))).body) as Overview;
}

/** A line in one namespace. */
async function join(path: string): Promise<TextSocket> {
  const socket = await openSocket(server.ws(WEBSOCKET));
  await socket.next();
  socket.send(`40${path},`);
  expect(await socket.next()).toContain(`40${path},{"sid":`);
  return socket;
}

/** The address of a polling session, in no namespace. */
async function pollingLine(): Promise<string> {
  const url = server.http(POLLING);
  const sid = /"sid":"([^"]+)"/.exec((await get(url)).body)?.[1] ?? '';
  return `${url}&sid=${sid}`;
}

describe.each(SOCKET_IO_VERSIONS)('messages over the limit, by $name', ({ connect }) => {
  it.each(['polling', 'websocket'])('put the client out of the namespace, by %s', async (transport) => {
    server = await start({ limits: { message: 1000 } });
    const check = await bystanders(server);
    const line = await openSocketIOLine('echo', connect(server.http('/echo'), { transports: [transport] }));
    for (const unit of ['x', '\u0001', 'é']) {
      const text = unit.repeat(1000 / Buffer.byteLength(unit));
      await line.send(text);
      expect(await line.next()).toBe(text);
    }
    await line.send('ü'.repeat(501));
    expect(await line.closed).toMatchObject({ reason: 'io server disconnect' });
    expect((await overview()).ignoredBy).toContainEqual({ place: 'message', reason: 'too-big', count: 1 });
    await check();
  });

  it('of ten megabytes end the line', async () => {
    const check = await bystanders(server);
    for (const transport of ['polling', 'websocket']) {
      const client = connect(server.http('/echo'), { transports: [transport] });
      const line = await openSocketIOLine('echo', client);
      await line.send('x'.repeat(10 * 1024 * 1024));
      expect(['transport close', 'transport error']).toContain((await line.closed).reason);
    }
    await check();
  });
});

describe('request bodies over the limit', () => {
  it.each([false, true])('are refused (chunked: %s)', async (chunked) => {
    server = await start({ limits: { body: 1000 } });
    const url = await pollingLine();
    const answer = await request(url, { method: 'POST', body: `40/echo,${' '.repeat(1000)}`, chunked });
    expectSafeError(answer, 413);
  });
});

describe('connections', () => {
  it('are counted by namespace, however many share a line, and whatever the line becomes', async () => {
    const connect = SOCKET_IO_VERSIONS.at(-1)!.connect;
    const first = connect(server.http('/echo'), { forceNew: false });
    const echo = await openSocketIOLine('echo', first);
    const layout = await openSocketIOLine('layout', connect(server.http('/layout'), { forceNew: false }));
    const { engine } = first.io;
    await expect.poll(() => engine.transport.name).toBe('websocket');
    expect(await overview()).toMatchObject({
      connections: 2,
      byGatewayAndTransport: [
        { gateway: 'echo', transport: 'socket.io', connections: 1 },
        { gateway: 'layout', transport: 'socket.io', connections: 1 },
      ],
    });
    await layout.close();
    await expect.poll(async () => (await overview()).byGateway).toEqual({ echo: 1 });
    await echo.close();
    await expect.poll(async () => (await overview()).connections).toBe(0);
  });

  it('are at most so many in all, and lines that are in no namespace as well', async () => {
    server = await start({ limits: { connections: 2 } });
    const first = await join('/echo');
    first.send('40/layout,');
    expect(await first.next()).toContain('40/layout,{');
    first.send('40/bus,');
    expect(await first.next()).toBe('44/bus,{"message":"503 Service Unavailable","data":{"status":503}}');
    expect(await refusedUpgrade(server.ws(WEBSOCKET))).toBe(503);
    expectSafeError(await get(server.http(POLLING)), 503);
    first.send('41/layout,');
    await expect.poll(async () => (await overview()).connections).toBe(1);
    const idle = await openSocket(server.ws(WEBSOCKET));
    expect(await refusedUpgrade(server.ws(WEBSOCKET))).toBe(503);
    await idle.close();
    await first.close();
  });

  it('over HTTP are at most so many from one address, until they become WebSockets', async () => {
    server = await start({ limits: { sessions: 2 } });
    const url = await pollingLine();
    await pollingLine();
    expectSafeError(await get(server.http(POLLING)), 503);
    const upgrade = await openSocket(url.replace('http', 'ws').replace('=polling', '=websocket'));
    const poll = get(url);
    upgrade.send('2probe');
    expect(await upgrade.next()).toBe('3probe');
    expect((await poll).body).toBe('6');
    upgrade.send('5');
    upgrade.send('40/echo,');
    expect(await upgrade.next()).toContain('40/echo,');
    await pollingLine();
    expectSafeError(await get(server.http(POLLING)), 503);
  });
});

describe('a session over HTTP', () => {
  it('belongs to whoever opened it, for peers can learn its id', async () => {
    const url = await pollingLine();
    const stranger = await request(url, { localAddress: '127.0.0.2' });
    expectSafeError(stranger, 403);
    const ws = url.replace('http', 'ws').replace('=polling', '=websocket');
    expect(await refusedUpgrade(ws, { localAddress: '127.0.0.2' })).toBe(403);
    expect((await post(url, '40/echo,')).body).toBe('ok');
    expect((await get(url)).body).toContain('40/echo,');
  });

  it('that is unknown is refused as the package does', async () => {
    for (const sid of ['nobody', '__proto__', 'constructor']) {
      expect(await get(`${server.http(POLLING)}&sid=${sid}`)).toMatchObject({
        status: 400,
        body: '{"code":1,"message":"Session ID unknown"}',
      });
    }
  });
});

describe('the end of the server', () => {
  it.each(SOCKET_IO_VERSIONS)('is the end of every line of $name, and takes no time', async ({ connect }) => {
    const lines = await Promise.all(
      ['polling', 'websocket'].map((transport) =>
        openSocketIOLine('layout', connect(server.http('/layout'), { transports: [transport] })),
      ),
    );
    const idle = await openSocket(server.ws(WEBSOCKET));
    const url = await pollingLine();
    const arrival = once(server.roomplex.httpServer, 'request');
    const waiting = startRequest(url);
    await arrival;
    await within('close of the server', server.close());
    for (const line of lines) expect((await line.closed).reason).toMatch(/^transport (close|error)$/);
    await idle.closed;
    await waiting.answered.then((stream) => stream.rest());
  });
});
