import { EventEmitter, once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelConnection } from '../../gateways/multiplex/registered-channel.ts';
import { post } from '../../test/support/http-exchange.ts';
import { startService } from '../../test/support/multiplex-hosts.ts';
import { sessionPath } from '../../test/support/session-path.ts';
import { openSocket } from '../../test/support/websocket-line.ts';
import { MultiplexServer } from './multiplex-server.ts';

let service: Awaited<ReturnType<typeof startService>>;
beforeEach(async () => {
  service = await startService();
});
afterEach(() => service.close());

function served(limits = {}): { server: MultiplexServer; visit: Promise<ChannelConnection> } {
  const server = new MultiplexServer(service.sockjs, { limits });
  const visit = once(server.registerChannel('ann'), 'connection').then(
    ([channel]) => channel as ChannelConnection,
  );
  return { server, visit };
}

describe('a client of a SockJS service', () => {
  it('gets what is written within a tick in one frame', async () => {
    const { visit } = served();
    const socket = await openSocket(service.ws(`/multiplex${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send('["sub,ann"]');
    const channel = await visit;
    channel.write('1');
    channel.write('2');
    expect(await socket.next()).toBe('a["msg,ann,1","msg,ann,2"]');
  });

  it('finds at its next poll what was written between two polls, in one frame', async () => {
    const { visit } = served();
    const session = service.http(`/multiplex${sessionPath()}`);
    expect((await post(`${session}/xhr`)).body).toBe('o\n');
    await post(`${session}/xhr_send`, '["sub,ann"]');
    const channel = await visit;
    channel.write('1');
    await new Promise(setImmediate);
    channel.write('2');
    expect((await post(`${session}/xhr`)).body).toBe('a["msg,ann,1","msg,ann,2"]\n');
  });

  it('that does not poll is a slow consumer when it is owed more than the limit', async () => {
    const { server, visit } = served({ outbox: 1000 });
    const session = service.http(`/multiplex${sessionPath()}`);
    expect((await post(`${session}/xhr`)).body).toBe('o\n');
    await post(`${session}/xhr_send`, '["sub,ann"]');
    const channel = await visit;
    const closed = once(channel, 'close');
    const texts = Array.from({ length: 100 }, () => 'x'.repeat(50));
    expect(texts.map((text) => channel.write(text))).toContain(false);
    await closed;
    expect(server.ignored.get('outbox slow-consumer')).toBe(1);
    expect((await post(`${session}/xhr`)).body).toBe('c[4008,"slow consumer"]\n');
  });

  it('that does not read its WebSocket is a slow consumer too, and is cut off', async () => {
    const { visit } = served({ outbox: 100_000 });
    const { port, hostname } = new URL(service.http('/'));
    const socket = connectSocket(Number(port), hostname);
    const handshake = [
      `GET /multiplex${sessionPath()}/websocket HTTP/1.1`,
      `Host: ${hostname}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    socket.write(`${handshake.join('\r\n')}\r\n\r\n`);
    for (let heard = ''; !heard.endsWith('\x81\x01o');) {
      heard += ((await once(socket, 'data')) as [Buffer])[0].toString('latin1');
    }
    socket.pause();
    // ["sub,ann"], masked with zeros
    socket.write(Buffer.concat([Buffer.from([0x81, 0x8b, 0, 0, 0, 0]), Buffer.from('["sub,ann"]')]));
    const channel = await visit;
    const closed = once(channel, 'close');
    const text = 'x'.repeat(50_000);
    const write = (): void => {
      if (channel.write(text)) setImmediate(write);
    };
    write();
    await closed;
    expect(channel.write(text)).toBe(false);
    socket.destroy();
  });

  it.each([
    ['/multiplex/websocket', 3000],
    [`/multiplex${sessionPath()}/websocket`, 1000],
  ])('at %s is closed for a message that is too big', async (path, code) => {
    const { server, visit } = served({ message: 100 });
    const socket = await openSocket(service.ws(path));
    const isFramed = code === 1000;
    if (isFramed) expect(await socket.next()).toBe('o');
    const wire = (text: string): string => (isFramed ? JSON.stringify([text]) : text);
    socket.send(wire('sub,ann'));
    const closed = once(await visit, 'close');
    socket.send(wire(`msg,ann,${'x'.repeat(100)}`));
    if (isFramed) expect(await socket.next()).toBe('c[1009,"message too big"]');
    expect(await socket.closed).toMatchObject({ code });
    await closed;
    expect(server.ignored.get('message too-big')).toBe(1);
  });

  it('may come from any emitter that speaks like the package', async () => {
    class Socket extends EventEmitter {
      readonly texts: string[] = [];
      write(text: string): void {
        this.texts.push(text);
      }
      close(): void {
        this.emit('close');
      }
    }
    const emitter = new EventEmitter();
    const server = new MultiplexServer(emitter);
    const channel = server.registerChannel('ann');
    const socket = new Socket();
    emitter.emit('connection', socket);
    channel.on('connection', (client) => {
      client.on('data', (text) => client.end(`got:${text}`));
    });
    socket.emit('data', 'sub,ann');
    socket.emit('data', Buffer.from('sub,ann'));
    socket.emit('data', 'msg,ann,x');
    socket.emit('data', 'sub,nobody');
    await new Promise(setImmediate);
    expect(socket.texts).toEqual(['msg,ann,got:x', 'uns,ann']);
    expect(server.ignored).toEqual(
      new Map([
        ['sockjs not-a-string', 1],
        ['multiplex unknown-topic', 1],
      ]),
    );
    socket.close();
  });

  it('tells the log of the service what server code threw, when nobody else wants to know', async () => {
    const lines: string[] = [];
    const emitter = Object.assign(new EventEmitter(), {
      options: { log: (severity: string, line: string) => lines.push(`${severity} ${line}`) },
    });
    const server = new MultiplexServer(emitter);
    server.registerChannel('ann').on('connection', () => {
      throw new Error('a bug');
    });
    const socket = Object.assign(new EventEmitter(), { write() {}, close() {} });
    emitter.emit('connection', socket);
    socket.emit('data', 'sub,ann');
    expect(lines).toEqual([expect.stringMatching(/^error Error: a bug\n/)]);
  });
});
