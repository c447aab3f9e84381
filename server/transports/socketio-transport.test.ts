import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connection, ConnectionRequest } from '../connection/connection.ts';
import type { AdmissionRequest, Gateway } from '../gateways/gateway.ts';
import { Counters } from '../telemetry/counters.ts';
import { connected, SOCKET_IO_VERSIONS, type SocketIOOptions } from '../test/support/socketio-clients.ts';
import { openSocketIOLine } from '../test/support/socketio-line.ts';
import type { Line } from '../test/support/line.ts';
import { ConnectionRegistry } from './connection-registry.ts';
import { Endpoints } from './endpoints.ts';
import { SessionsByAddress } from './sessions-by-address.ts';
import { SocketIOTransport } from './socketio-transport.ts';

const FRIEND = 'https://friend.example';

let server: Server;
let transport: SocketIOTransport;
let counters: Counters;
let registry: ConnectionRegistry;
const faults: unknown[] = [];
const seen: (ConnectionRequest | AdmissionRequest)[] = [];
let connection: Connection | undefined;

/** Sends back what it gets. */
function echo(given: Connection): { message(text: string): void; closed(): void } {
  connection = given;
  return { message: (text) => void given.send(text), closed: () => undefined };
}

const GATEWAYS: readonly Gateway[] = [
  {
    name: 'open',
    origins: [FRIEND],
    accept: (given, request) => {
      seen.push(request);
      return echo(given);
    },
  },
  {
    name: 'guarded',
    admit: async (request) => {
      seen.push(request);
      await new Promise((resolve) => setImmediate(resolve));
      const token = new URLSearchParams(request.query).get('token');
      if (token === 'secret') return { accept: echo };
      if (token === 'oops') throw new Error('oops');
      return token === null ? { status: 401 } : { status: 403, body: 'Not with this token.\n' };
    },
  },
  {
    name: 'broken',
    accept: () => {
      throw new Error('cannot accept');
    },
  },
];

beforeEach(async () => {
  faults.length = 0;
  seen.length = 0;
  counters = new Counters();
  registry = new ConnectionRegistry(counters, 0);
  const endpoints = new Endpoints();
  for (const gateway of GATEWAYS) endpoints.add(gateway);
  transport = new SocketIOTransport({
    counters,
    endpoints,
    registry,
    outboxLimit: 0,
    messageLimit: 0,
    backlogLimit: 0,
    onFault: (error) => faults.push(error),
    onGone: (gone) => registry.remove(gone),
    heartbeatMs: 0,
    bodyLimit: 0,
    lineLimit: 0,
    pace: { packets: 0, controls: 0 },
    sessions: new SessionsByAddress(0),
  });
  server = createServer((request, response) => transport.handle(request, response));
  server.on('upgrade', (request, socket, head) => transport.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  transport.close();
  await new Promise((resolve) => server.close(resolve));
});

describe.each(SOCKET_IO_VERSIONS)('$name', ({ revision, connect }) => {
  const client = (path: string, options?: SocketIOOptions) =>
    connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, {
      transports: ['websocket'],
      ...options,
    });
  const open = (path: string, options?: SocketIOOptions): Promise<Line> =>
    openSocketIOLine(path.slice(1), client(path, options));

  it('is let into a guarded namespace, by query or by auth', async () => {
    const options = revision === 3 ? [{ query: { token: 'secret' } }] : [{ auth: { token: 'secret' } }];
    for (const given of [...options, { query: { token: 'secret', EIO: 'x' } }]) {
      const line = await open('/guarded', given);
      await line.send('hi');
      expect(await line.next()).toBe('hi');
      await line.close();
    }
    expect(seen[0]).toMatchObject({
      path: '/guarded',
      query: expect.stringMatching(/^token=secret$/),
      remoteAddress: '127.0.0.1',
      cookie: '',
      subprotocols: [],
    });
    expect((seen[0] as AdmissionRequest).headers.host).toContain('127.0.0.1');
  });

  it('is told why it is not let in, and may try again on the same line', async () => {
    const first = await open('/open', { forceNew: false });
    const shared = { forceNew: false };
    await expect(connected(client('/guarded', shared))).rejects.toThrow('401 Unauthorized');
    await first.send('still here');
    expect(await first.next()).toBe('still here');
    await first.close();
    await expect(connected(client('/guarded', { query: { token: 'guess' } }))).rejects.toThrow(
      'Not with this token.',
    );
    expect(counters.ignored.get('guarded not-admitted')).toBe(2);
    expect(counters.connections.size).toBe(0);
  });

  it('is told of a fault without its words', async () => {
    await expect(connected(client('/guarded', { query: { token: 'oops' } }))).rejects.toThrow(
      '500 Internal Server Error',
    );
    expect(String(faults)).toContain('oops');
  });

  it('is put out when a gateway cannot take it, and nobody else is', async () => {
    const first = await open('/open');
    const line = await open('/broken');
    expect(await line.closed).toMatchObject({ reason: 'io server disconnect' });
    expect(String(faults)).toContain('cannot accept');
    await first.send('still here');
    expect(await first.next()).toBe('still here');
    await first.close();
  });

  it('may come from an origin that one gateway allows, to that gateway alone', async () => {
    const options = { extraHeaders: { origin: FRIEND } };
    const line = await open('/open', options);
    await line.send('hi');
    expect(await line.next()).toBe('hi');
    await expect(connected(client('/guarded', options))).rejects.toThrow('This origin is not allowed.');
    await line.close();
  });

  it('gets what is owed to it before it is put out', async () => {
    const line = await open('/open');
    connection?.send('one');
    connection?.send('two');
    connection?.close(4001, 'ejected');
    expect([await line.next(), await line.next()]).toEqual(['one', 'two']);
    expect(await line.closed).toMatchObject({ reason: 'io server disconnect' });
  });

  it('loses its line when the server goes away, so that it comes back by itself', async () => {
    const line = await open('/open');
    connection?.send('last');
    connection?.close(1001, 'going away');
    expect(await line.next()).toBe('last');
    expect((await line.closed).reason).toBe('transport close');
  });
});
