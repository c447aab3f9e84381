import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Overview } from '../../protocol/overview.ts';
import { bystanders } from './support/bystanders.ts';
import { get, post } from './support/http-exchange.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openSocket } from './support/websocket-line.ts';

let server: TestServer;
let check: () => Promise<void>;
const start = serverPool();
beforeEach(async () => {
  server = await start();
  check = await bystanders(server);
});

async function ignored(reason: string): Promise<number> {
  const { ignoredBy } = JSON.parse((await get(server.http('/api/overview'))).body) as Overview;
  return ignoredBy.find((one) => one.place === 'socket.io' && one.reason === reason)?.count ?? 0;
}

describe('a line by WebSocket', () => {
  it.each([
    ['joins', 4, '40/nope,'],
    ['joins', 3, '40/nope'],
    ['pings', 3, '2'],
    ['noops', 4, '6'],
    ['answers to nothing', 4, '43/echo,1[]'],
  ] as const)('ends when it says too many %s at once (revision %i)', async (_what, revision, packet) => {
    const socket = await openSocket(server.ws(`/socket.io/?EIO=${revision}&transport=websocket`));
    socket.frames.pipe(() => {});
    // In one piece, or the server might answer some before the others come.
    const { _socket: line } = socket.socket as unknown as { readonly _socket: Socket };
    line.cork();
    for (let n = 0; n < 3000; n++) socket.send(packet);
    line.uncork();
    await socket.closed;
    expect(await ignored('too-much-at-once')).toBe(1);
    expect(await ignored('unknown-namespace')).toBeLessThan(3000);
    await check();
  });

  it('is read no further while it does not take the answers', async () => {
    const socket = await openUnread('/socket.io/?EIO=4&transport=websocket');
    // Each is answered with its own name.
    const join = frame(`40/${'x'.repeat(60_000)},`);
    for (let n = 0; n < 500; n++) socket.write(join);
    const isWritten = (): boolean => socket.writableLength === 0;
    for (let turns = 0; turns < 300 && !isWritten(); turns++) await check();
    expect(isWritten()).toBe(false);
    socket.resume();
    await expect.poll(isWritten, { timeout: 10_000 }).toBe(true);
    socket.destroy();
  }, 30_000);

  /** Of which nothing is read behind the handshake, until it is resumed. */
  async function openUnread(path: string): Promise<Socket> {
    const { hostname, port } = new URL(server.http('/'));
    const socket = connect(Number(port), hostname);
    const head = ['Host: x', 'Upgrade: websocket', 'Connection: Upgrade', 'Sec-WebSocket-Version: 13'];
    socket.write(
      `GET ${path} HTTP/1.1\r\n${head.join('\r\n')}\r\nSec-WebSocket-Key: ${'A'.repeat(22)}==\r\n\r\n`,
    );
    await once(socket, 'data');
    socket.pause();
    return socket;
  }

  /** A text of less than 64 KiB, masked with zeros. */
  function frame(text: string): Buffer {
    const head = Buffer.from([0x81, 0x80 | 126, 0, 0, 0, 0, 0, 0]);
    head.writeUInt16BE(text.length, 2);
    return Buffer.concat([head, Buffer.from(text)]);
  }
});

describe.each([3, 4])('a body of revision %i', (revision) => {
  async function join(): Promise<string> {
    const url = server.http(`/socket.io/?EIO=${revision}&transport=polling&b64=1`);
    const sid = /"sid":"([^"]+)"/.exec((await get(url)).body)?.[1] ?? '';
    const line = `${url}&sid=${sid}`;
    expect((await post(line, bodyOf('40/echo,', 1))).body).toBe('ok');
    return line;
  }

  function bodyOf(packet: string, count: number): string {
    const packets = Array.from<string>({ length: count }).fill(packet);
    return revision === 4 ? packets.join('\u001e') : packets.map((text) => `${text.length}:${text}`).join('');
  }

  it('may hold ten thousand events', async () => {
    const line = await join();
    await post(line, bodyOf('42/echo,["message",1]', 10_000));
    await expect.poll(() => ignored('not-a-string')).toBe(10_000);
    expect((await post(line, bodyOf('42/echo,["message",1]', 1))).status).toBe(200);
  });

  it.each([
    ['events', '42/echo,["message",1]', 10_001],
    ['joins', '40/nope,', 5000],
    ['noops', '6', 500_000],
  ])('ends its line when it holds too many %s', async (_what, packet, count) => {
    const line = await join();
    await post(line, bodyOf(packet, count));
    expect((await get(line)).status).toBe(400);
    expect(await ignored('too-much-at-once')).toBe(1);
    await check();
  });
});
