import { describe, expect, it, onTestFinished } from 'vitest';
import { Inbox } from '../test/scripted-server.ts';
import { startServer } from '../test/setup.ts';
import type { MultiplexChannel } from './multiplex-channel.ts';
import { Client, WebSocketMultiplex } from './node.ts';
import { ScriptedSocket } from '../test/scripted-socket.ts';

/** The other end of what the channels ride on, played by the test. */
interface Other {
  readonly sent: Inbox<string>;
  say(...messages: string[]): void;
  /** The connection is lost. */
  lose(): void;
}

interface Pair {
  readonly multiplex: WebSocketMultiplex | Client;
  /** Lets the connection open, at first and again. */
  open(): Promise<Other>;
}

/** A server, and a client that dials it. */
async function dialled(Class: typeof Client | typeof WebSocketMultiplex): Promise<Pair> {
  const server = await startServer();
  const multiplex = new Class(server.url, { transports: ['websocket'] });
  onTestFinished(() => multiplex.close());
  return {
    multiplex,
    async open() {
      const peer = await server.greeted();
      return { sent: peer.messages, say: (...texts) => peer.say(...texts), lose: () => peer.cut() };
    },
  };
}

async function onSocket(): Promise<Pair> {
  const socket = new ScriptedSocket();
  return {
    multiplex: new WebSocketMultiplex(socket),
    async open() {
      socket.open();
      return socket;
    },
  };
}

const WAYS = [
  { name: 'WebSocketMultiplex on a socket that is there', start: onSocket },
  { name: 'WebSocketMultiplex at an address', start: () => dialled(WebSocketMultiplex) },
  { name: 'Client at an address', start: () => dialled(Client) },
];

/** What a channel tells through `onopen`, `onmessage` and `onclose`, arguments and all. */
function record(channel: MultiplexChannel): Inbox<string> {
  const told = new Inbox<string>();
  const note =
    (event: string) =>
    (...args: unknown[]): void =>
      told.put([event, ...args.map((arg) => JSON.stringify(arg))].join(' '));
  channel.onopen = note('open');
  channel.onmessage = note('message');
  channel.onclose = note('close');
  return told;
}

describe.each(WAYS)('$name', ({ start }) => {
  /** A channel of that name, open. */
  async function inChannel(name: string) {
    const { multiplex, open } = await start();
    const channel = multiplex.channel(name);
    const told = record(channel);
    const other = await open();
    expect(await told.next()).toBe('open');
    expect(await other.sent.next()).toBe(`sub,${name}`);
    return { multiplex, open, channel, told, other };
  }

  it('S2.34 opens after its sub, without an argument; gives {data}; closes with {}', async () => {
    const { channel, told, other } = await inChannel('ann');
    other.say('msg,ann,x,y');
    expect(await told.next()).toBe('message {"data":"x,y"}');
    channel.close();
    expect(await other.sent.next()).toBe('uns,ann');
    expect(await told.next()).toBe('close {}');
  });

  it('S2.34 tells the end that the server made', async () => {
    const { channel, told, other } = await inChannel('ann');
    other.say('msg,ann,last', 'uns,ann');
    expect(await told.take(2)).toEqual(['message {"data":"last"}', 'close {}']);
    expect(channel.send('x')).toBe(false);
    channel.close();
  });

  it('S2.35 calls onX first, then the listeners in their order, all on the channel', async () => {
    const { channel, told, other } = await inChannel('ann');
    const order: unknown[] = [];
    channel.addEventListener('message', function (this: unknown, { data }) {
      order.push(`first ${data}`, this === channel);
    });
    channel.on('message', ({ data }) => {
      order.push(`second ${data}`);
      told.put('through');
    });
    channel.onmessage = function (this: unknown, { data }) {
      order.push(`onmessage ${data}`, this === channel);
    };
    other.say('msg,ann,1');
    expect(await told.next()).toBe('through');
    expect(order).toEqual(['onmessage 1', true, 'first 1', true, 'second 1']);
  });

  it('takes listeners for events that never come', async () => {
    const { channel, told, other } = await inChannel('ann');
    channel.on('error' as 'open', () => told.put('never'));
    other.say('msg,ann,1');
    expect(await told.next()).toBe('message {"data":"1"}');
  });

  it('S2.36 shares one subscription among the channels of a name', async () => {
    const { multiplex, channel: one, told: ofOne, other } = await inChannel('x');
    const two = multiplex.channel('x');
    const ofTwo = record(two);
    expect(await ofTwo.next()).toBe('open');
    other.say('msg,x,1');
    expect([await ofOne.next(), await ofTwo.next()]).toEqual([
      'message {"data":"1"}',
      'message {"data":"1"}',
    ]);
    one.close();
    expect(await ofOne.next()).toBe('close {}');
    other.say('msg,x,2');
    expect(await ofTwo.next()).toBe('message {"data":"2"}');
    two.close();
    multiplex.channel('fence');
    expect(await other.sent.take(2)).toEqual(['uns,x', 'sub,fence']);
  });

  it('S2.37 sends nothing for a channel that is closed at once', async () => {
    const { multiplex, other } = await inChannel('ann');
    const channel = multiplex.channel('x');
    const told = record(channel);
    channel.send('never');
    channel.close();
    multiplex.channel('fence');
    expect(await other.sent.next()).toBe('sub,fence');
    expect(await told.next()).toBe('close {}');
  });

  it('S2.38 sends one uns and tells one close, later, when it is closed twice', async () => {
    const { multiplex, channel, told, other } = await inChannel('x');
    let closes = 0;
    channel.close();
    channel.on('close', () => closes++);
    channel.close();
    expect(closes).toBe(0);
    expect(await told.next()).toBe('close {}');
    multiplex.channel('fence');
    expect(await other.sent.take(2)).toEqual(['uns,x', 'sub,fence']);
    expect(closes).toBe(1);
    expect(channel.send('late')).toBe(false);
  });

  it('S2.39 delivers what is sent before it opens after the sub, as text', async () => {
    const { multiplex, open } = await start();
    const channel = multiplex.channel('a,b');
    for (const data of ['1', 2, { three: 3 }, undefined, null, '']) expect(channel.send(data)).toBe(true);
    const { sent } = await open();
    expect(await sent.take(7)).toEqual([
      'sub,a%2Cb',
      'msg,a%2Cb,1',
      'msg,a%2Cb,2',
      'msg,a%2Cb,[object Object]',
      'msg,a%2Cb,undefined',
      'msg,a%2Cb,null',
      'msg,a%2Cb,',
    ]);
  });

  it('drops what is more than may wait, and does not throw', async () => {
    const { multiplex, open } = await start();
    const channel = multiplex.channel('x');
    const taken = Array.from({ length: 1001 }, (_, index) => channel.send(index));
    expect(taken.lastIndexOf(true)).toBe(999);
    expect(taken.indexOf(false)).toBe(1000);
    const { sent } = await open();
    expect((await sent.take(1001)).at(-1)).toBe('msg,x,999');
  });

  it('S2.40 closes every channel when the connection is lost, and opens each again', async () => {
    const { multiplex, open, told: ofX, other } = await inChannel('x');
    const ofY = record(multiplex.channel('y'));
    expect(await ofY.next()).toBe('open');
    other.lose();
    expect([await ofX.next(), await ofY.next()]).toEqual(['close {}', 'close {}']);
    const again = await open();
    expect([await ofX.next(), await ofY.next()]).toEqual(['open', 'open']);
    again.say('msg,x,back');
    expect(await ofX.next()).toBe('message {"data":"back"}');
  });

  it('S2.41 ignores what it does not know', async () => {
    const { told, other } = await inChannel('x');
    other.say('msg,nosuch,1', 'msg,toString,x', 'uns,constructor', 'foo,x,1', 'MSG,x,1', '', 'x', 'sub,x');
    other.say('msg,x,still here');
    expect(await told.next()).toBe('message {"data":"still here"}');
  });

  it('S2.42 subscribes a channel that is made long after the connection opened', async () => {
    const { multiplex, told: early, other } = await inChannel('early');
    other.say('msg,early,in use');
    expect(await early.next()).toBe('message {"data":"in use"}');
    const told = record(multiplex.channel('late'));
    expect(await told.next()).toBe('open');
    expect(await other.sent.next()).toBe('sub,late');
  });
});

describe('WebSocketMultiplex on a socket', () => {
  it('S2.34 subscribes on a socket that is open already', async () => {
    const socket = new ScriptedSocket();
    socket.open();
    const told = record(new WebSocketMultiplex(socket).channel('ann'));
    expect(await told.next()).toBe('open');
    expect(await socket.sent.next()).toBe('sub,ann');
  });

  it('S2.36 sends one sub for a channel that an earlier listener makes when the socket opens', async () => {
    const socket = new ScriptedSocket();
    const made = new Promise<WebSocketMultiplex>((resolve) => {
      socket.addEventListener('open', () => resolve(multiplex));
    });
    const multiplex = new WebSocketMultiplex(socket);
    const told = made.then((there) => record(there.channel('ann')));
    socket.open();
    expect(await (await told).next()).toBe('open');
    multiplex.channel('fence');
    expect(await socket.sent.take(2)).toEqual(['sub,ann', 'sub,fence']);
  });

  it('S2.40 subscribes again on a socket that opens again without having told that it closed', async () => {
    const socket = new ScriptedSocket();
    const told = record(new WebSocketMultiplex(socket).channel('ann'));
    socket.open();
    socket.open();
    expect(await told.take(3)).toEqual(['open', 'close {}', 'open']);
    expect(await socket.sent.take(2)).toEqual(['sub,ann', 'sub,ann']);
  });

  it('S2.41 ignores binary messages', async () => {
    const socket = new ScriptedSocket();
    const told = record(new WebSocketMultiplex(socket).channel('ann'));
    socket.open();
    socket.sayAnything(new ArrayBuffer(8));
    socket.say('msg,ann,text');
    expect(await told.take(2)).toEqual(['open', 'message {"data":"text"}']);
  });

  it('sends no more while the socket has too much to send', async () => {
    const socket = new ScriptedSocket();
    const channel = new WebSocketMultiplex(socket).channel('ann');
    socket.open();
    expect(channel.send('1')).toBe(true);
    socket.bufferedAmount = 100_000_000;
    expect(channel.send('2')).toBe(false);
  });

  it('ends its channels and leaves the socket alone when it is closed', async () => {
    const socket = new ScriptedSocket();
    const multiplex = new WebSocketMultiplex(socket);
    const told = record(multiplex.channel('ann'));
    socket.open();
    multiplex.close();
    expect(await told.take(2)).toEqual(['open', 'close {}']);
    expect(socket.readyState).toBe(1);
  });
});

describe('Client', () => {
  it.each(['', undefined, null])('throws the words of the original for the address %j', (url) => {
    const words = 'You must supply an url to socket server';
    expect(() => new Client(url as string)).toThrow(words);
    expect(() => new WebSocketMultiplex(url as string)).toThrow(words);
    let thrown: unknown;
    try {
      new Client(url as string);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(words);
  });
});
