import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelConnection } from '../gateways/multiplex/registered-channel.ts';
import { expectQuiet } from './support/fence.ts';
import { post } from './support/http-exchange.ts';
import { within } from './support/inbox.ts';
import type { Line } from './support/line.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine, openSocket, openSockJSLine } from './support/websocket-line.ts';

/** What server code saw of one client in a channel. */
interface Visit {
  readonly channel: ChannelConnection;
  readonly data: string[];
  closes: number;
  /** Settles with the first `close`. */
  readonly closed: Promise<void>;
}

let server: TestServer;
/** By channel, in the order in which clients came. */
let visits: Map<string, Visit[]>;
let red: ReturnType<TestServer['roomplex']['registerRoom']>;

function register(name: string, greet: (channel: ChannelConnection) => void = () => {}): void {
  const seen: Visit[] = [];
  visits.set(name, seen);
  server.roomplex.registerChannel(name).on('connection', (channel) => {
    const closed = new Promise<void>((resolve) => channel.once('close', resolve));
    const visit: Visit = { channel, data: [], closes: 0, closed };
    seen.push(visit);
    channel.on('data', (text) => visit.data.push(text));
    channel.on('close', () => visit.closes++);
    greet(channel);
  });
}

function visitsTo(name: string): Visit[] {
  return visits.get(name) ?? [];
}

function answer(channel: ChannelConnection): void {
  channel.on('data', (text) => channel.write(`got:${text}`));
}

beforeEach(async () => {
  // As S2 §8: only what is registered exists.
  server = await startServer({ rooms: 'listed' });
  visits = new Map();
  register('ann', (channel) => {
    channel.write('welcome ann');
    answer(channel);
  });
  register('bye', (channel) => {
    channel.write('going');
    channel.end('last words');
  });
  register('hold');
  for (const name of ['bob', 'a,b', '100%', 'ü', '日本']) register(name, answer);
  red = server.roomplex.registerRoom('red');
});
afterEach(() => server.close());

const CARRIERS: readonly { name: string; open: () => Promise<Line> }[] = [
  { name: 'a raw WebSocket', open: () => openRawLine(server.ws('/multiplex')) },
  { name: 'a SockJS WebSocket', open: () => openSockJSLine(server.ws('/multiplex')) },
];

describe.each(CARRIERS)('/multiplex over $name', ({ open }) => {
  const connect = async (): Promise<MultiplexClient> => MultiplexClient.over(await open());

  /** A client in `ann` that has read its greeting. */
  async function inAnn(): Promise<MultiplexClient> {
    const client = await connect();
    client.say('sub,ann');
    expect(await client.next()).toBe('msg,ann,welcome ann');
    return client;
  }

  async function inRed(): Promise<MultiplexClient> {
    const client = await connect();
    client.say('sub,red');
    await expectQuiet(client);
    return client;
  }

  it('S2.1 greets a subscriber', async () => {
    const client = await inAnn();
    await expectQuiet(client);
  });

  it('S2.2 answers a message', async () => {
    const client = await inAnn();
    client.say('msg,ann,hello');
    expect(await client.next()).toBe('msg,ann,got:hello');
  });

  it('S2.3 keeps the commas of a payload', async () => {
    const client = await inAnn();
    client.say('msg,ann,one,two,,three,');
    expect(await client.next()).toBe('msg,ann,got:one,two,,three,');
  });

  it('S2.4 takes a missing payload for an empty one', async () => {
    const client = await inAnn();
    client.say('msg,ann,', 'msg,ann');
    expect(await client.next()).toBe('msg,ann,got:');
    expect(await client.next()).toBe('msg,ann,got:');
    await expectQuiet(client);
  });

  it.each([
    'line\nbreak\r\n',
    '"quote"',
    'back\\slash',
    '\u0000nul',
    '😀 日本 ü',
    '\u2028\u2029\ufeff',
    '  ',
  ])('S2.5 echoes %j exactly', async (payload) => {
    const client = await inAnn();
    client.say(`msg,ann,${payload}`);
    expect(await client.next()).toBe(`msg,ann,got:${payload}`);
  });

  it('S2.6 subscribes once however often it is asked', async () => {
    const client = await inAnn();
    client.say('sub,ann');
    await expectQuiet(client);
    client.say('msg,ann,x');
    expect(await client.next()).toBe('msg,ann,got:x');
    await expectQuiet(client);
    expect(visitsTo('ann')).toHaveLength(1);
  });

  it('S2.7 ignores what follows the topic of a sub and of an uns', async () => {
    const client = await connect();
    client.say('sub,bob,x,y', 'msg,bob,1', 'uns,bob,x,y', 'msg,bob,2');
    expect(await client.next()).toBe('msg,bob,got:1');
    await expectQuiet(client);
    expect(visitsTo('bob')).toMatchObject([{ data: ['1'], closes: 1 }]);
  });

  it('S2.8 ignores a message on a topic that is not subscribed', async () => {
    const other = await connect();
    other.say('sub,hold');
    const client = await connect();
    client.say('msg,hold,x');
    await expectQuiet(client, other);
    expect(visitsTo('hold')).toMatchObject([{ data: [] }]);
  });

  it('S2.9 ignores an uns for a topic that is not subscribed', async () => {
    const client = await connect();
    client.say('uns,hold');
    await expectQuiet(client);
    expect(visitsTo('hold')).toEqual([]);
  });

  it('S2.10 ignores a topic that nobody registered', async () => {
    const client = await connect();
    client.say('sub,nosuch', 'msg,nosuch,x', 'uns,nosuch');
    await expectQuiet(client);
  });

  it('S2.11 ignores what is no message of the protocol, and lives on', async () => {
    const client = await inAnn();
    const odd = [
      'foo,ann,x',
      'MSG,ann,x',
      ' msg,ann,x',
      '',
      ',',
      ',,',
      'sub',
      'msg',
      'uns',
      'msgx,ann,x',
      'ms,ann,x',
    ];
    for (const frame of odd) client.say(frame);
    client.say(...odd);
    await expectQuiet(client);
    client.say('msg,ann,1');
    expect(await client.next()).toBe('msg,ann,got:1');
  });

  it('S2.12 handles the messages of one frame in order', async () => {
    const client = await inAnn();
    client.say('msg,ann,1', 'msg,ann,2', 'uns,ann', 'msg,ann,3');
    expect(await client.next()).toBe('msg,ann,got:1');
    expect(await client.next()).toBe('msg,ann,got:2');
    await expectQuiet(client);
    expect(visitsTo('ann')).toMatchObject([{ data: ['1', '2'], closes: 1 }]);
  });

  it('S2.13 opens a fresh channel for a topic that was left', async () => {
    const client = await inAnn();
    client.say('uns,ann', 'sub,ann');
    expect(await client.next()).toBe('msg,ann,welcome ann');
    client.say('msg,ann,x');
    expect(await client.next()).toBe('msg,ann,got:x');
    await expectQuiet(client);
    expect(visitsTo('ann')).toMatchObject([
      { data: [], closes: 1 },
      { data: ['x'], closes: 0 },
    ]);
  });

  it('S2.13 joins a room again that was left', async () => {
    const a = await inRed();
    const b = await inRed();
    a.say('uns,red', 'sub,red');
    await expectQuiet(a);
    b.say('msg,red,x');
    expect(await a.next()).toBe('msg,red,x');
    expect(await b.next()).toBe('msg,red,x');
    await expectQuiet(a, b);
  });

  it('S2.14 ignores a second uns', async () => {
    const client = await inAnn();
    client.say('uns,ann', 'uns,ann', 'sub,red', 'uns,red', 'uns,red');
    await expectQuiet(client);
    expect(visitsTo('ann')).toMatchObject([{ closes: 1 }]);
  });

  it('S2.15 takes nothing from someone who left the room', async () => {
    const a = await inRed();
    const b = await inRed();
    a.say('uns,red', 'msg,red,x');
    await expectQuiet(a, b);
  });

  it('S2.16 ends a channel with its last words', async () => {
    const client = await connect();
    client.say('sub,bye');
    expect(await client.next()).toBe('msg,bye,going');
    expect(await client.next()).toBe('msg,bye,last words');
    expect(await client.next()).toBe('uns,bye');
    await expectQuiet(client);
    expect(visitsTo('bye')).toMatchObject([{ closes: 1 }]);
  });

  it('S2.17 opens a channel again that the server ended, and ignores an uns for the ended one', async () => {
    const client = await connect();
    client.say('sub,bye');
    for (let visit = 1; visit <= 3; visit++) {
      expect(await client.next()).toBe('msg,bye,going');
      expect(await client.next()).toBe('msg,bye,last words');
      expect(await client.next()).toBe('uns,bye');
      client.say('uns,bye', 'msg,bye,x');
      await expectQuiet(client);
      if (visit < 3) client.say('sub,bye');
    }
    expect(visitsTo('bye').map((visit) => visit.closes)).toEqual([1, 1, 1]);
    expect(visitsTo('bye').flatMap((visit) => visit.data)).toEqual([]);
  });

  it('S2.18 sends nothing that the server writes after the client left', async () => {
    const client = await inAnn();
    const [visit] = visitsTo('ann');
    expect(visit?.channel.write('while here')).toBe(true);
    expect(await client.next()).toBe('msg,ann,while here');
    client.say('uns,ann');
    await expectQuiet(client);
    expect(visit?.channel.write('ghost')).toBe(false);
    visit?.channel.end('ghost');
    visit?.channel.destroy();
    await expectQuiet(client);
    expect(visit?.closes).toBe(1);
  });

  it('S2.19 tells the client that the server destroyed a channel', async () => {
    const client = await connect();
    client.say('sub,hold');
    await expectQuiet(client);
    const [visit] = visitsTo('hold');
    visit?.channel.destroy();
    expect(await client.next()).toBe('uns,hold');
    client.say('msg,hold,x', 'uns,hold');
    await expectQuiet(client);
    expect(visit).toMatchObject({ data: [], closes: 0 });
  });

  it('S2.20 escapes a comma in a topic and not in a payload', async () => {
    const client = await connect();
    client.say('sub,a%2Cb', 'msg,a%2Cb,x,y');
    expect(await client.next()).toBe('msg,a%2Cb,got:x,y');
    expect(visitsTo('a,b')).toMatchObject([{ channel: { topic: 'a,b' }, data: ['x,y'] }]);
  });

  it('S2.21 ends the topic at its comma', async () => {
    const client = await connect();
    client.say('sub,a,b', 'msg,a,b');
    await expectQuiet(client);
    expect(visitsTo('a,b')).toEqual([]);
  });

  it.each([
    ['100%25', '100%'],
    ['%FC', 'ü'],
    ['%u65E5%u672C', '日本'],
  ])('S2.22 knows %s as the topic %s and answers in the same form', async (wire, name) => {
    const client = await connect();
    client.say(`sub,${wire}`, `msg,${wire},x`);
    expect(await client.next()).toBe(`msg,${wire},got:x`);
    expect(visitsTo(name)).toMatchObject([{ channel: { topic: name } }]);
    visitsTo(name)[0]?.channel.end();
    expect(await client.next()).toBe(`uns,${wire}`);
  });

  it.each([
    ['%fc', 'ü', '%FC'],
    ['ü', 'ü', '%FC'],
    ['%u65e5%U672c', undefined, undefined],
    ['%u65e5%u672c', '日本', '%u65E5%u672C'],
    ['100%', '100%', '100%25'],
    ['a%2cb', 'a,b', 'a%2Cb'],
    ['%61nn', 'ann', 'ann'],
    ['%C3%BC', undefined, undefined],
    ['%E6%97%A5%E6%9C%AC', undefined, undefined],
  ])('S2.23 decodes %s leniently as %s and answers canonically', async (spelling, name, canonical) => {
    const client = await connect();
    client.say(`sub,${spelling}`);
    if (name === undefined) {
      client.say(`msg,${spelling},x`);
      await expectQuiet(client);
      return;
    }
    if (name === 'ann') expect(await client.next()).toBe('msg,ann,welcome ann');
    client.say(`msg,${spelling},x`, `msg,${canonical},y`, `sub,${canonical}`);
    expect(await client.next()).toBe(`msg,${canonical},got:x`);
    expect(await client.next()).toBe(`msg,${canonical},got:y`);
    client.say(`uns,${spelling}`, `msg,${canonical},z`);
    await expectQuiet(client);
    expect(visitsTo(name)).toMatchObject([{ data: ['x', 'y'], closes: 1 }]);
  });

  it('S2.23 takes a topic with a bad escape literally as a whole', async () => {
    register('a%2Cb%', answer);
    const client = await connect();
    client.say('sub,a%2Cb%', 'msg,a%2Cb%,x');
    expect(await client.next()).toBe('msg,a%252Cb%25,got:x');
    expect(visitsTo('a%2Cb%')).toMatchObject([{ channel: { topic: 'a%2Cb%' } }]);
    expect(visitsTo('a,b')).toEqual([]);
  });

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf', ''])(
    'S2.24 ignores the topic %j until it is registered, and then it works',
    async (name) => {
      const client = await connect();
      client.say(`msg,${name},x`, `uns,${name}`, `sub,${name}`, `msg,${name},x`, `uns,${name}`);
      await expectQuiet(client);
      register(name, answer);
      client.say(`sub,${name}`, `msg,${name},y`);
      expect(await client.next()).toBe(`msg,${name},got:y`);
      client.say(`uns,${name}`, `msg,${name},z`);
      await expectQuiet(client);
      expect(visitsTo(name)).toMatchObject([{ channel: { topic: name }, data: ['y'], closes: 1 }]);
    },
  );

  it('S2.27 closes every channel of a lost connection once', async () => {
    const watcher = await inRed();
    const client = await connect();
    client.say('sub,ann', 'sub,hold', 'sub,red');
    expect(await client.next()).toBe('msg,ann,welcome ann');
    await expectQuiet(client);
    expect(red.size).toBe(2);
    await client.close();
    await expectQuiet(watcher);
    expect(visitsTo('ann')).toMatchObject([{ closes: 1 }]);
    expect(visitsTo('hold')).toMatchObject([{ closes: 1 }]);
    expect(red.size).toBe(1);
  });

  it('S2.28 hands a message to everyone in the room once, the sender included', async () => {
    const a = await inRed();
    const b = await inRed();
    a.say('msg,red,x,y');
    expect(await a.next()).toBe('msg,red,x,y');
    expect(await b.next()).toBe('msg,red,x,y');
    await expectQuiet(a, b);
  });

  it('S2.29 takes nothing from someone who is not in the room', async () => {
    const a = await inRed();
    const c = await connect();
    c.say('msg,red,z');
    await expectQuiet(c, a);
  });

  it('S2.30 forgets a subscriber that is cut off', async () => {
    const messages: (string | undefined)[] = [];
    red.on('message', (payload, sender) => messages.push(payload, sender?.id));
    const a = await inRed();
    const b = await inRed();
    await b.close();
    await expectQuiet(a);
    expect(red.size).toBe(1);
    a.say('msg,red,x');
    expect(await a.next()).toBe('msg,red,x');
    await expectQuiet(a);
    expect(messages).toEqual(['x', expect.any(String)]);
  });

  it('S2.31 gives a room member that was ended and came back its messages once', async () => {
    const joins: { end(): void }[] = [];
    let leaves = 0;
    red.on('join', (member) => joins.push(member));
    red.on('leave', () => leaves++);
    const a = await inRed();
    const b = await inRed();
    joins[1]?.end();
    expect(await b.next()).toBe('uns,red');
    expect(red.size).toBe(1);
    a.say('msg,red,without b');
    expect(await a.next()).toBe('msg,red,without b');
    await expectQuiet(a, b);
    b.say('sub,red');
    await expectQuiet(b);
    a.say('msg,red,with b');
    expect(await a.next()).toBe('msg,red,with b');
    expect(await b.next()).toBe('msg,red,with b');
    await expectQuiet(a, b);
    expect([joins.length, leaves, red.size]).toEqual([3, 1, 2]);
  });

  it('S2.32 keeps the answers of two clients apart', async () => {
    const a = await inAnn();
    const b = await inAnn();
    a.say('msg,ann,from a');
    b.say('msg,ann,from b');
    expect(await a.next()).toBe('msg,ann,got:from a');
    expect(await b.next()).toBe('msg,ann,got:from b');
    await expectQuiet(a, b);
  });

  it('has topics of at most 255 characters', async () => {
    await server.close();
    server = await startServer();
    const client = await connect();
    for (const name of ['t'.repeat(255), '%FC'.repeat(255)]) {
      client.say(`sub,${name}`, `msg,${name},x`);
      expect(await client.next()).toBe(`msg,${name},x`);
    }
    for (const name of ['t'.repeat(256), '%FC'.repeat(256)]) client.say(`sub,${name}`, `msg,${name},x`);
    await expectQuiet(client);
  });

  it('holds at most 1000 topics, and takes another when one was left', async () => {
    await server.close();
    server = await startServer();
    const client = await connect();
    // The fence's own topic is the first of the thousand.
    const topics = Array.from({ length: 999 }, (_, index) => `t${index}`);
    client.say(...topics.map((topic) => `sub,${topic}`));
    client.say('msg,t998,last', 'sub,extra', 'msg,extra,x');
    expect(await client.next()).toBe('msg,t998,last');
    await expectQuiet(client);
    client.say('uns,t0', 'sub,extra', 'msg,extra,y');
    expect(await client.next()).toBe('msg,extra,y');
  });

  it('takes a message of 128 kB and closes with 1009 after a longer one', async () => {
    const client = await inAnn();
    const longest = `msg,ann,${'x'.repeat(131_072 - 'msg,ann,'.length)}`;
    client.say(longest);
    expect(await client.next()).toBe(`msg,ann,got:${longest.slice('msg,ann,'.length)}`);
    client.say(`${longest}x`);
    expect(await client.line.closed).toMatchObject({ code: 1009 });
  });

  it('counts the limit of a message in bytes', async () => {
    const client = await inAnn();
    client.say(`msg,ann,${'日'.repeat(131_072 / 3)}`);
    expect(await client.line.closed).toMatchObject({ code: 1009 });
  });
});

describe('frames that are no text messages', () => {
  it.each([
    '[123]',
    '[null]',
    '[{"a":1}]',
    '[["sub,ann"]]',
    '[true]',
    '{"a":1}',
    '{"length":1,"0":"sub,ann"}',
    '123',
    'null',
    'true',
    '[]',
    '',
  ])('S2.25 ignores the SockJS frame %s', async (frame) => {
    const socket = await openSocket(server.ws(`/multiplex${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send(frame);
    socket.send('["sub,ann"]');
    expect(await socket.next()).toBe('a["msg,ann,welcome ann"]');
  });

  it('S2.25 hears the strings in a SockJS frame that holds other things too', async () => {
    const socket = await openSocket(server.ws(`/multiplex${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send('[5,"sub,ann",null,{"a":1},"msg,ann,x"]');
    const greeting = 'msg,ann,welcome ann';
    const first = await socket.next();
    if (first === `a["${greeting}"]`) expect(await socket.next()).toBe('a["msg,ann,got:x"]');
    else expect(first).toBe(`a["${greeting}","msg,ann,got:x"]`);
  });

  it.each(['/multiplex', '/multiplex/websocket', `/multiplex/000/abc/websocket`])(
    'S2.25 ignores a binary frame on %s',
    async (path) => {
      const isFramed = path.endsWith('/abc/websocket');
      const socket = await openSocket(server.ws(path));
      if (isFramed) expect(await socket.next()).toBe('o');
      socket.send(Buffer.from('["sub,hold"]'));
      socket.send(Buffer.from('sub,hold'));
      socket.send(Buffer.alloc(0));
      socket.send(isFramed ? '["sub,ann"]' : 'sub,ann');
      expect(await socket.next()).toBe(isFramed ? 'a["msg,ann,welcome ann"]' : 'msg,ann,welcome ann');
      expect(visitsTo('hold')).toEqual([]);
    },
  );

  it('S2.26 takes a bare string for a message', async () => {
    const socket = await openSocket(server.ws(`/multiplex${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send('"sub,ann"');
    expect(await socket.next()).toBe('a["msg,ann,welcome ann"]');
  });

  it('S2.26 closes with 3000 after text that is not JSON', async () => {
    const socket = await openSocket(server.ws(`/multiplex${sessionPath()}/websocket`));
    expect(await socket.next()).toBe('o');
    socket.send('["sub,hold"]');
    socket.send('sub,ann');
    expect(await socket.closed).toEqual({ code: 3000, reason: 'Broken framing.' });
    const [visit] = visitsTo('hold');
    await within('close of the channel', visit?.closed ?? Promise.reject(new Error('nobody subscribed')));
  });

  it('S2.26 answers broken and empty bodies of xhr_send in words', async () => {
    const session = server.http(`/multiplex${sessionPath()}`);
    expect((await post(`${session}/xhr`)).body).toBe('o\n');
    expect(await post(`${session}/xhr_send`, 'sub,ann')).toMatchObject({
      status: 500,
      body: 'Broken JSON encoding.',
    });
    expect(await post(`${session}/xhr_send`, '')).toMatchObject({ status: 500, body: 'Payload expected.' });
    expect(await post(`${session}/xhr_send`, '"sub,ann"')).toMatchObject({
      status: 500,
      body: 'Payload expected.',
    });
    expect(await post(`${session}/xhr_send`, '["sub,ann"]')).toMatchObject({ status: 204, body: '' });
    expect((await post(`${session}/xhr`)).body).toBe('a["msg,ann,welcome ann"]\n');
  });
});

describe('server code', () => {
  const connect = async (): Promise<MultiplexClient> =>
    MultiplexClient.over(await openSockJSLine(server.ws('/multiplex')));

  it('S2.33 may not register a name twice', async () => {
    expect(() => server.roomplex.registerChannel('ann')).toThrow('ann');
    const client = await connect();
    client.say('sub,ann');
    expect(await client.next()).toBe('msg,ann,welcome ann');
  });

  it('S2.33 may replace a channel: clients in the old one stay there', async () => {
    const old = await connect();
    old.say('sub,ann');
    expect(await old.next()).toBe('msg,ann,welcome ann');
    server.roomplex.registerChannel('ann', { replace: true }).on('connection', (channel) => {
      channel.write('welcome to the new ann');
    });
    old.say('msg,ann,x');
    expect(await old.next()).toBe('msg,ann,got:x');
    const young = await connect();
    young.say('sub,ann');
    expect(await young.next()).toBe('msg,ann,welcome to the new ann');
  });

  it('ends a channel that it unregisters for everyone in it', async () => {
    const a = await connect();
    const b = await connect();
    for (const client of [a, b]) {
      client.say('sub,hold');
      await expectQuiet(client);
    }
    expect(server.roomplex.unregisterChannel('hold')).toBe(true);
    expect(server.roomplex.unregisterChannel('hold')).toBe(false);
    for (const client of [a, b]) {
      expect(await client.next()).toBe('uns,hold');
      client.say('msg,hold,x', 'sub,hold', 'msg,hold,y');
      await expectQuiet(client);
    }
    expect(visitsTo('hold')).toMatchObject([
      { closes: 1, data: [] },
      { closes: 1, data: [] },
    ]);
  });

  it('writes anything as text', async () => {
    const client = await connect();
    client.say('sub,hold');
    await expectQuiet(client);
    const [visit] = visitsTo('hold');
    const written: [unknown, string][] = [
      [{}, '[object Object]'],
      [5, '5'],
      [null, 'null'],
      [undefined, 'undefined'],
      ['', ''],
      [true, 'true'],
    ];
    for (const [value, text] of written) {
      expect(visit?.channel.write(value)).toBe(true);
      expect(await client.next()).toBe(`msg,hold,${text}`);
    }
  });

  it('follows a room: joins, leaves, one message event a message, and its size', async () => {
    const log: string[] = [];
    const ids = new Map<string, string>();
    red.on('join', (member) => {
      ids.set(member.id, `m${ids.size + 1}`);
      log.push(`join ${ids.get(member.id)}`);
    });
    red.on('leave', (member) => log.push(`leave ${ids.get(member.id)}`));
    red.on('message', (payload, member) => log.push(`${ids.get(member?.id ?? '')}: ${payload}`));
    const a = await connect();
    const b = await connect();
    for (const client of [a, b]) {
      client.say('sub,red');
      await expectQuiet(client);
    }
    b.say('msg,red,hi');
    expect([await a.next(), await b.next()]).toEqual(['msg,red,hi', 'msg,red,hi']);
    expect(red.size).toBe(2);
    a.say('uns,red');
    await expectQuiet(a);
    expect(log).toEqual(['join m1', 'join m2', 'm2: hi', 'leave m1']);
    expect(red.size).toBe(1);
  });

  it('broadcasts into a room, to all or to all but one', async () => {
    const members: { id: string }[] = [];
    red.on('join', (member) => members.push(member));
    const a = await connect();
    const b = await connect();
    for (const client of [a, b]) {
      client.say('sub,red');
      await expectQuiet(client);
    }
    await red.broadcast('to all');
    expect([await a.next(), await b.next()]).toEqual(['msg,red,to all', 'msg,red,to all']);
    await red.broadcast('to one', { except: members[0] as { id: string } });
    expect(await b.next()).toBe('msg,red,to one');
    await expectQuiet(a, b);
  });

  it('may have a room that does not echo', async () => {
    server.roomplex.registerRoom('quiet', { echo: false });
    const a = await connect();
    const b = await connect();
    for (const client of [a, b]) {
      client.say('sub,quiet');
      await expectQuiet(client);
    }
    a.say('msg,quiet,x');
    expect(await b.next()).toBe('msg,quiet,x');
    await expectQuiet(a, b);
  });
});
