import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './support/fence.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { MULTIPLEX_HOSTS } from './support/multiplex-hosts.ts';
import { answer, MultiplexStage } from './support/multiplex-stage.ts';
import { openRawLine, openSockJSLine } from './support/websocket-line.ts';

const PLACES = MULTIPLEX_HOSTS.flatMap((host) => [
  { ...host, carrier: 'a raw WebSocket', openLine: openRawLine, path: host.rawPath },
  { ...host, carrier: 'a SockJS WebSocket', openLine: openSockJSLine, path: '/multiplex' },
]);

describe.each(PLACES)('/multiplex of $name over $carrier', ({ start, openLine, path }) => {
  let stage: MultiplexStage;
  beforeEach(async () => {
    stage = new MultiplexStage(await start());
  });
  afterEach(() => stage.host.close());
  const connect = async (): Promise<MultiplexClient> =>
    MultiplexClient.over(await openLine(stage.host.ws(path)));

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
    expect(stage.visitsTo('ann')).toHaveLength(1);
  });

  it('S2.7 ignores what follows the topic of a sub and of an uns', async () => {
    const client = await connect();
    client.say('sub,bob,x,y', 'msg,bob,1', 'uns,bob,x,y', 'msg,bob,2');
    expect(await client.next()).toBe('msg,bob,got:1');
    await expectQuiet(client);
    expect(stage.visitsTo('bob')).toMatchObject([{ data: ['1'], closes: 1 }]);
  });

  it('S2.8 ignores a message on a topic that is not subscribed', async () => {
    const other = await connect();
    other.say('sub,hold');
    const client = await connect();
    client.say('msg,hold,x');
    await expectQuiet(client, other);
    expect(stage.visitsTo('hold')).toMatchObject([{ data: [] }]);
  });

  it('S2.9 ignores an uns for a topic that is not subscribed', async () => {
    const client = await connect();
    client.say('uns,hold');
    await expectQuiet(client);
    expect(stage.visitsTo('hold')).toEqual([]);
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
    expect(stage.visitsTo('ann')).toMatchObject([{ data: ['1', '2'], closes: 1 }]);
  });

  it('S2.13 opens a fresh channel for a topic that was left', async () => {
    const client = await inAnn();
    client.say('uns,ann', 'sub,ann');
    expect(await client.next()).toBe('msg,ann,welcome ann');
    client.say('msg,ann,x');
    expect(await client.next()).toBe('msg,ann,got:x');
    await expectQuiet(client);
    expect(stage.visitsTo('ann')).toMatchObject([
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
    expect(stage.visitsTo('ann')).toMatchObject([{ closes: 1 }]);
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
    expect(stage.visitsTo('bye')).toMatchObject([{ closes: 1 }]);
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
    expect(stage.visitsTo('bye').map((visit) => visit.closes)).toEqual([1, 1, 1]);
    expect(stage.visitsTo('bye').flatMap((visit) => visit.data)).toEqual([]);
  });

  it('S2.18 sends nothing that the server writes after the client left', async () => {
    const client = await inAnn();
    const [visit] = stage.visitsTo('ann');
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
    const [visit] = stage.visitsTo('hold');
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
    expect(stage.visitsTo('a,b')).toMatchObject([{ channel: { topic: 'a,b' }, data: ['x,y'] }]);
  });

  it('S2.21 ends the topic at its comma', async () => {
    const client = await connect();
    client.say('sub,a,b', 'msg,a,b');
    await expectQuiet(client);
    expect(stage.visitsTo('a,b')).toEqual([]);
  });

  it.each([
    ['100%25', '100%'],
    ['%FC', 'ü'],
    ['%u65E5%u672C', '日本'],
  ])('S2.22 knows %s as the topic %s and answers in the same form', async (wire, name) => {
    const client = await connect();
    client.say(`sub,${wire}`, `msg,${wire},x`);
    expect(await client.next()).toBe(`msg,${wire},got:x`);
    expect(stage.visitsTo(name)).toMatchObject([{ channel: { topic: name } }]);
    stage.visitsTo(name)[0]?.channel.end();
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
    expect(stage.visitsTo(name)).toMatchObject([{ data: ['x', 'y'], closes: 1 }]);
  });

  it('S2.23 takes a topic with a bad escape literally as a whole', async () => {
    stage.register('a%2Cb%', answer);
    const client = await connect();
    client.say('sub,a%2Cb%', 'msg,a%2Cb%,x');
    expect(await client.next()).toBe('msg,a%252Cb%25,got:x');
    expect(stage.visitsTo('a%2Cb%')).toMatchObject([{ channel: { topic: 'a%2Cb%' } }]);
    expect(stage.visitsTo('a,b')).toEqual([]);
  });

  it.each(['toString', 'constructor', '__proto__', 'hasOwnProperty', 'valueOf', ''])(
    'S2.24 ignores the topic %j until it is registered, and then it works',
    async (name) => {
      const client = await connect();
      client.say(`msg,${name},x`, `uns,${name}`, `sub,${name}`, `msg,${name},x`, `uns,${name}`);
      await expectQuiet(client);
      stage.register(name, answer);
      client.say(`sub,${name}`, `msg,${name},y`);
      expect(await client.next()).toBe(`msg,${name},got:y`);
      client.say(`uns,${name}`, `msg,${name},z`);
      await expectQuiet(client);
      expect(stage.visitsTo(name)).toMatchObject([{ channel: { topic: name }, data: ['y'], closes: 1 }]);
    },
  );

  it('S2.27 closes every channel of a lost connection once', async () => {
    const watcher = await inRed();
    const client = await connect();
    client.say('sub,ann', 'sub,hold', 'sub,red');
    expect(await client.next()).toBe('msg,ann,welcome ann');
    await expectQuiet(client);
    expect(stage.red.size).toBe(2);
    await client.close();
    await expectQuiet(watcher);
    expect(stage.visitsTo('ann')).toMatchObject([{ closes: 1 }]);
    expect(stage.visitsTo('hold')).toMatchObject([{ closes: 1 }]);
    expect(stage.red.size).toBe(1);
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
    stage.red.on('message', (payload, sender) => messages.push(payload, sender?.id));
    const a = await inRed();
    const b = await inRed();
    await b.close();
    await expectQuiet(a);
    expect(stage.red.size).toBe(1);
    a.say('msg,red,x');
    expect(await a.next()).toBe('msg,red,x');
    await expectQuiet(a);
    expect(messages).toEqual(['x', expect.any(String)]);
  });

  it('S2.31 gives a room member that was ended and came back its messages once', async () => {
    const joins: { end(): void }[] = [];
    let leaves = 0;
    stage.red.on('join', (member) => joins.push(member));
    stage.red.on('leave', () => leaves++);
    const a = await inRed();
    const b = await inRed();
    joins[1]?.end();
    expect(await b.next()).toBe('uns,red');
    expect(stage.red.size).toBe(1);
    a.say('msg,red,without b');
    expect(await a.next()).toBe('msg,red,without b');
    await expectQuiet(a, b);
    b.say('sub,red');
    await expectQuiet(b);
    a.say('msg,red,with b');
    expect(await a.next()).toBe('msg,red,with b');
    expect(await b.next()).toBe('msg,red,with b');
    await expectQuiet(a, b);
    expect([joins.length, leaves, stage.red.size]).toEqual([3, 1, 2]);
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
});
