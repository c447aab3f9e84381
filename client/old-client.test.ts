import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import SockJS from 'sockjs-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RoomServer } from '../server/compat/sockjs-rooms/room-server.ts';
import { MULTIPLEX_HOSTS, startService, type MultiplexHost } from '../server/test/support/multiplex-hosts.ts';
import { WebSocketMultiplex } from './compat/node.ts';
import { Inbox } from './test/scripted-server.ts';

/** As much of the browser client as its cases need. */
interface OldChannel {
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: string }) => void) | null;
  onclose: ((event: object) => void) | null;
  send(text: string): unknown;
  close(): void;
}
type OldClient = new (socket: InstanceType<typeof SockJS>) => { channel(name: string): OldChannel };

function unmodifiedClient(): OldClient {
  const file = createRequire(import.meta.url).resolve('websocket-multiplex/multiplex_client.js');
  const context = createContext({ escape, setTimeout });
  runInContext(readFileSync(file, 'utf8'), context, { filename: file });
  return runInContext('WebSocketMultiplex', context) as OldClient;
}

const CLIENTS: readonly { client: string; Multiplex: OldClient }[] = [
  { client: 'the unmodified client of websocket-multiplex', Multiplex: unmodifiedClient() },
  { client: 'the class that takes its place', Multiplex: WebSocketMultiplex },
];

function connect(Multiplex: OldClient, host: Pick<MultiplexHost, 'http'>): InstanceType<OldClient> {
  const socket = new SockJS(host.http('/multiplex'));
  onTestFinished(() => {
    socket.close();
  });
  return new Multiplex(socket);
}

function inboxOf(channel: OldChannel): Inbox<string> {
  const inbox = new Inbox<string>();
  channel.onopen = () => inbox.put('open');
  channel.onmessage = (event) => inbox.put(`message ${event.data}`);
  channel.onclose = (event) => inbox.put(`close ${JSON.stringify(event)}`);
  return inbox;
}

const PAIRS = MULTIPLEX_HOSTS.flatMap(({ name, start }) =>
  CLIENTS.map((client) => ({ name, start, ...client })),
);

describe.each(PAIRS)('S2.43 $client at $name', ({ start, Multiplex }) => {
  async function startHost(): Promise<MultiplexHost> {
    const host = await start();
    onTestFinished(() => host.close());
    host.registerChannel('ann').on('connection', (connection) => {
      connection.write('welcome ann');
      connection.on('data', (text) => connection.write(`got:${text}`));
    });
    host.registerChannel('bye').on('connection', (connection) => {
      connection.write('going');
      connection.end('last words');
    });
    return host;
  }

  it('is greeted and answered (cases 1-5)', async () => {
    const channel = connect(Multiplex, await startHost()).channel('ann');
    const inbox = inboxOf(channel);
    expect(await inbox.take(2)).toEqual(['open', 'message welcome ann']);
    for (const text of ['hello', 'one,two,,three,', '', 'a\nb"\\\u0000😀']) {
      channel.send(text);
      expect(await inbox.next()).toBe(`message got:${text}`);
    }
  });

  it('leaves in the middle of what it sends (case 12)', async () => {
    const host = await startHost();
    const closed = new Promise<void>((resolve) => {
      host.registerChannel('hold').on('connection', (connection) => connection.on('close', resolve));
    });
    const heard: string[] = [];
    host.registerChannel('ann').on('connection', (connection) => {
      connection.on('data', (text) => heard.push(text));
    });
    const old = connect(Multiplex, host);
    const channel = old.channel('ann');
    const hold = old.channel('hold');
    const open = new Promise<void>((resolve) => {
      hold.onopen = resolve;
    });
    await open;
    channel.send('1');
    channel.send('2');
    channel.close();
    channel.send('3');
    hold.close();
    await closed;
    expect(heard).toEqual(['1', '2']);
  });

  it('hears the last words and the end of a channel (case 16)', async () => {
    const inbox = inboxOf(connect(Multiplex, await startHost()).channel('bye'));
    expect(await inbox.take(4)).toEqual(['open', 'message going', 'message last words', 'close {}']);
  });

  it('hears a room, its own messages included, each once (case 28)', async () => {
    const host = await startHost();
    const room = host.registerRoom('blue');
    const both = new Promise<void>((resolve) => {
      room.on('join', () => {
        if (room.size === 2) resolve();
      });
    });
    const channels = [
      connect(Multiplex, host).channel('blue'),
      connect(Multiplex, host).channel('blue'),
    ] as const;
    const inboxes = channels.map(inboxOf);
    await both;
    channels[0].send('x,y');
    channels[0].send('end');
    for (const inbox of inboxes) {
      expect(await inbox.take(3)).toEqual(['open', 'message x,y', 'message end']);
    }
  });
});

describe.each(CLIENTS)('S2.43 $client at RoomServer', ({ Multiplex }) => {
  it('hears a channel that writes back what it gets (case 28)', async () => {
    const service = await startService();
    onTestFinished(() => service.close());
    const red = new RoomServer(service.sockjs).registerChannel('red');
    red.on('connection', (connection) => {
      connection.write('Red is connected');
      connection.on('data', (text) => connection.write(text));
    });
    const channels = [
      connect(Multiplex, service).channel('red'),
      connect(Multiplex, service).channel('red'),
    ] as const;
    const inboxes = channels.map(inboxOf);
    for (const inbox of inboxes) expect(await inbox.take(2)).toEqual(['open', 'message Red is connected']);
    channels[0].send('x,y');
    for (const inbox of inboxes) expect(await inbox.next()).toBe('message x,y');
    channels[1].close();
    expect(await inboxes[1]?.next()).toBe('close {}');
    channels[0].send('alone');
    expect(await inboxes[0]?.next()).toBe('message alone');
  });
});
