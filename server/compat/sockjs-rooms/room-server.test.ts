import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelConnection } from '../../gateways/multiplex/registered-channel.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { HTTP_TRANSPORT_NAMES, openHttpLine } from '../../test/support/http-line.ts';
import type { Line } from '../../test/support/line.ts';
import { MultiplexClient } from '../../test/support/multiplex-client.ts';
import { startService } from '../../test/support/multiplex-hosts.ts';
import { openRawLine, openSockJSLine } from '../../test/support/websocket-line.ts';
import { RoomServer } from './room-server.ts';

let service: Awaited<ReturnType<typeof startService>>;
let server: RoomServer;
const errors: unknown[] = [];
beforeEach(async () => {
  errors.length = 0;
  service = await startService();
  server = new RoomServer(service.sockjs, { onError: (error) => errors.push(error) });
});
afterEach(() => service.close());

/** The usual handler: writes back what it gets. Gives the connections it was told of. */
function echo(name: string): ChannelConnection[] {
  const seen: ChannelConnection[] = [];
  server.registerChannel(name).on('connection', (channel) => {
    seen.push(channel);
    channel.on('data', (text) => channel.write(text));
  });
  return seen;
}

let clients = 0;

/** Every client has a fence of its own: on a channel of a RoomServer all subscribers get every answer. */
async function over(line: Line): Promise<MultiplexClient> {
  const fence = `fence-${++clients}`;
  echo(fence);
  return MultiplexClient.over(line, fence);
}

const WAYS = [
  { name: 'a raw WebSocket', open: () => openRawLine(service.ws('/multiplex/websocket')) },
  { name: 'a SockJS WebSocket', open: () => openSockJSLine(service.ws('/multiplex')) },
  ...HTTP_TRANSPORT_NAMES.map((name) => ({
    name,
    open: () => openHttpLine(service.http('/multiplex'), name),
  })),
];

describe.each(WAYS)('RoomServer over $name', ({ open }) => {
  const connect = async (): Promise<MultiplexClient> => over(await open());

  async function inRed(): Promise<MultiplexClient> {
    const client = await connect();
    client.say('sub,red');
    await expectQuiet(client);
    return client;
  }

  it('S2.28 makes a room of a channel that writes back what it gets', async () => {
    echo('red');
    const [a, b] = [await inRed(), await inRed()];
    a.say('msg,red,x,y');
    expect(await a.next()).toBe('msg,red,x,y');
    expect(await b.next()).toBe('msg,red,x,y');
    await expectQuiet(a, b);
  });

  it('S2.13 S2.15 S2.29 hears those who are in the channel, and only as long as they are', async () => {
    echo('red');
    const [a, b, c] = [await inRed(), await inRed(), await connect()];
    c.say('msg,red,never there');
    b.say('uns,red', 'msg,red,gone', 'uns,red');
    await expectQuiet(c, b, a);
    b.say('sub,red', 'msg,red,back');
    expect([await a.next(), await b.next()]).toEqual(['msg,red,back', 'msg,red,back']);
    await expectQuiet(a, b, c);
  });
});

describe('RoomServer', () => {
  const connect = async (): Promise<MultiplexClient> => over(await openSockJSLine(service.ws('/multiplex')));

  async function join(topic: string): Promise<MultiplexClient> {
    const client = await connect();
    client.say(`sub,${topic}`);
    await expectQuiet(client);
    return client;
  }

  it('tells every subscriber of a message in the order in which they subscribed', async () => {
    const log: string[] = [];
    const names = new Map<ChannelConnection, string>();
    server.registerChannel('red').on('connection', (channel) => {
      names.set(channel, `c${names.size + 1}`);
      channel.on('data', (text) => log.push(`${names.get(channel)} ${text}`));
    });
    const [a, , c] = [await join('red'), await join('red'), await join('red')];
    c.say('msg,red,1');
    a.say('msg,red,2');
    await expectQuiet(c, a);
    expect(log.slice(0, 3)).toEqual(['c1 1', 'c2 1', 'c3 1']);
    expect(log.slice(3)).toEqual(['c1 2', 'c2 2', 'c3 2']);
  });

  it('S2.30 forgets a subscriber whose connection is lost, and runs no handler for it', async () => {
    const heard: string[] = [];
    const seen = echo('red');
    const [a, b] = [await join('red'), await join('red')];
    const closed = new Promise<void>((resolve) => seen[1]?.once('close', resolve));
    seen[1]?.on('data', (text) => heard.push(text));
    await b.close();
    await closed;
    a.say('msg,red,x');
    expect(await a.next()).toBe('msg,red,x');
    await expectQuiet(a);
    expect(heard).toEqual([]);
  });

  it('S2.31 gives who was ended and came back its messages once, on the new connection', async () => {
    const seen = echo('red');
    const old: string[] = [];
    const [a, b] = [await join('red'), await join('red')];
    seen[1]?.on('data', (text) => old.push(text));
    seen[1]?.end('bye');
    expect([await b.next(), await b.next()]).toEqual(['msg,red,bye', 'uns,red']);
    b.say('sub,red');
    await expectQuiet(b);
    a.say('msg,red,x');
    expect([await a.next(), await b.next()]).toEqual(['msg,red,x', 'msg,red,x']);
    await expectQuiet(a, b);
    expect(old).toEqual([]);
  });

  it('tells nothing to a subscriber that was ended while the others are told', async () => {
    const seen: ChannelConnection[] = [];
    server.registerChannel('red').on('connection', (channel) => {
      seen.push(channel);
      channel.on('data', (text) => {
        channel.write(text);
        for (const other of seen) if (other !== channel) other.end();
      });
    });
    const [a, b] = [await join('red'), await join('red')];
    b.say('msg,red,x');
    expect(await a.next()).toBe('msg,red,x');
    expect(await b.next()).toBe('uns,red');
    await expectQuiet(a, b);
  });

  it('S2.33 lets a second channel of a name take over, with the subscribers of the first', async () => {
    server.registerChannel('red').on('connection', (channel) => {
      channel.on('data', (text) => channel.write(`old ${text}`));
    });
    const a = await join('red');
    server.registerChannel('red').on('connection', (channel) => {
      channel.write('welcome');
      channel.on('data', (text) => channel.write(`new ${text}`));
    });
    const b = await connect();
    b.say('sub,red');
    expect(await b.next()).toBe('msg,red,welcome');
    b.say('msg,red,x');
    expect([await a.next(), await b.next()]).toEqual(['msg,red,old x', 'msg,red,new x']);
    expect(server.unregisterChannel('red')).toBe(true);
    expect([await a.next(), await b.next()]).toEqual(['uns,red', 'uns,red']);
    a.say('sub,red', 'msg,red,x');
    await expectQuiet(a, b);
  });

  it('ends the connection whose handler failed, says why, and tells the others', async () => {
    const fault = new Error('a bug');
    server.registerChannel('red').on('connection', (channel) => {
      channel.once('data', (text) => {
        if (errors.length === 0) throw fault;
        channel.write(text);
      });
    });
    const [a, b] = [await join('red'), await join('red')];
    b.say('msg,red,x');
    expect(await a.line.closed).toMatchObject({ code: 1011 });
    expect(await b.next()).toBe('msg,red,x');
    await expectQuiet(b);
    expect(errors).toEqual([fault]);
  });

  it('keeps rooms of its own beside channels', async () => {
    const log: string[] = [];
    const room = server.registerRoom('blue', { echo: false });
    room.on('message', (text) => log.push(text));
    expect(() => server.registerRoom('blue')).toThrow('blue');
    const [a, b] = [await join('blue'), await join('blue')];
    a.say('msg,blue,x');
    expect(await b.next()).toBe('msg,blue,x');
    await room.broadcast('from the server');
    expect([await a.next(), await b.next()]).toEqual(
      Array.from({ length: 2 }, () => 'msg,blue,from the server'),
    );
    await expectQuiet(a, b);
    expect([room.size, log]).toEqual([2, ['x', 'from the server']]);
  });
});
