import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './support/fence.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { openRawLine, openSockJSLine } from './support/websocket-line.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

const multiplex = async (): Promise<MultiplexClient> =>
  MultiplexClient.over(await openSockJSLine(server.ws('/multiplex')));

async function onLayout(room: string, name: string, extras: object = {}): Promise<RoomsClient> {
  const client = new RoomsClient(await openRawLine(server.ws('/layout')));
  await client.ask('JOIN', { room, name, ...extras });
  return client;
}

describe('a room with many doors', () => {
  it('brings a NOTIFY to the subscribers of the topic', async () => {
    const subscriber = await multiplex();
    subscriber.say('sub,r1');
    await expectQuiet(subscriber);
    const ann = await onLayout('r1', 'ann');
    ann.say('NOTIFY', { room: 'r1', message: 'hi' });
    expect(await subscriber.next()).toBe('msg,r1,hi');
    for (const message of [{ k: [1, 2] }, [], 5, null, false]) {
      ann.say('NOTIFY', { room: 'r1', message });
      expect(await subscriber.next()).toBe(`msg,r1,${JSON.stringify(message)}`);
    }
    ann.say('NOTIFY', { room: 'r1', message: '' });
    expect(await subscriber.next()).toBe('msg,r1,');
    await expectQuiet(ann, subscriber);
  });

  it('brings a topic message to the members on /layout', async () => {
    const ann = await onLayout('r1', 'ann');
    const publisher = await multiplex();
    publisher.say('sub,r1', 'msg,r1,hi, you');
    expect(await publisher.next()).toBe('msg,r1,hi, you');
    expect(await ann.nextText()).toBe('["EVENT",{"sender":"unknown","room":"r1","message":"hi, you"}]');
    publisher.say('msg,r1,{"not":"parsed"}');
    expect(await ann.next()).toEqual([
      'EVENT',
      { sender: 'unknown', room: 'r1', message: '{"not":"parsed"}' },
    ]);
  });

  it('shows a subscriber among the clients, and no longer when it left', async () => {
    const ann = await onLayout('r1', 'ann');
    const subscriber = await multiplex();
    subscriber.say('sub,r1');
    await expectQuiet(subscriber);
    ann.say('CLIENTS', { room: 'r1' });
    expect(await ann.next()).toEqual(['CLIENTS', { room: 'r1', clients: ['ann', 'unknown'] }]);
    subscriber.say('uns,r1');
    await expectQuiet(subscriber);
    ann.say('CLIENTS', { room: 'r1' });
    expect(await ann.next()).toEqual(['CLIENTS', { room: 'r1', clients: ['ann'] }]);
  });

  it('is told by presence of a subscriber', async () => {
    const ann = await onLayout('r1', 'ann', { presence: true });
    await ann.fence();
    const subscriber = await multiplex();
    subscriber.say('sub,r1');
    expect(await ann.next()).toMatchObject([
      'PRESENCE',
      { room: 'r1', joins: [{ name: 'unknown' }], leaves: [] },
    ]);
    await subscriber.close();
    expect(await ann.next()).toMatchObject([
      'PRESENCE',
      { room: 'r1', joins: [], leaves: [{ name: 'unknown' }] },
    ]);
  });

  it('gives each door its message once when one connection came in by two', async () => {
    const both = await multiplex();
    both.say('sub,r1', 'sub,layout', 'msg,layout,["JOIN",{"room":"r1","name":"ann"},1]');
    expect(await both.next()).toBe('msg,layout,["ACK",1]');
    const bob = await onLayout('r1', 'bob');
    bob.say('NOTIFY', { room: 'r1', message: 'x' });
    expect([await both.next(), await both.next()].toSorted()).toEqual([
      'msg,layout,["EVENT",{"sender":"bob","room":"r1","message":"x"}]',
      'msg,r1,x',
    ]);
    both.say('uns,layout');
    bob.say('NOTIFY', { room: 'r1', message: 'y' });
    await expectQuiet(bob);
    expect((await both.fence()).filter((frame) => frame.startsWith('msg,r1,'))).toEqual(['msg,r1,y']);
  });

  it('does not bring /bus to a topic', async () => {
    const subscriber = await multiplex();
    subscriber.say('sub,r1');
    const onBus = new RoomsClient(await openRawLine(server.ws('/bus')));
    await onBus.ask('JOIN', { room: 'r1', name: 'ann' });
    onBus.say('NOTIFY', { room: 'r1', message: 'x' });
    await expectQuiet(onBus, subscriber);
  });

  it('has its name escaped on the topic and plain on /layout', async () => {
    const subscriber = await multiplex();
    subscriber.say('sub,a%2Cb%20%u65E5');
    const ann = await onLayout('a,b 日', 'ann');
    ann.say('NOTIFY', { room: 'a,b 日', message: 'x,y' });
    expect(await subscriber.next()).toBe('msg,a%2Cb%20%u65E5,x,y');
  });
});

describe('the order in which a topic is looked up', () => {
  it('takes a registered channel before a gateway and before a room', async () => {
    for (const name of ['layout', 'red']) {
      server.roomplex
        .registerChannel(name)
        .on('connection', (channel) => channel.write(`mine: ${channel.topic}`));
    }
    const client = await multiplex();
    client.say('sub,layout', 'sub,red');
    expect(await client.next()).toBe('msg,layout,mine: layout');
    expect(await client.next()).toBe('msg,red,mine: red');
    const ann = await onLayout('red', 'ann');
    ann.say('NOTIFY', { room: 'red', message: 'x' });
    await expectQuiet(ann, client);
  });

  it('knows latency as a private echo', async () => {
    const a = await openRawLine(server.ws('/multiplex'));
    const b = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
    await a.send('sub,latency', 'msg,latency,1,2');
    expect(await a.next()).toBe('msg,latency,1,2');
    await expectQuiet(b);
  });

  it('takes a gateway before a room', async () => {
    const client = await multiplex();
    client.say('sub,echo', 'msg,echo,private', 'sub,layout', 'msg,layout,x');
    expect(await client.next()).toBe('msg,echo,private');
    expect(await client.next()).toMatch(/^msg,layout,\["ERROR",/);
    client.say('sub,bus', 'msg,bus,["CLIENTS",{"room":"b1"}]');
    expect(await client.next()).toBe('msg,bus,["CLIENTS",{"room":"b1","clients":[]}]');
  });

  it('makes a gateway topic a whole connection that ends with uns', async () => {
    const ann = await onLayout('r1', 'ann');
    const client = await multiplex();
    client.say('sub,layout', 'msg,layout,["JOIN",{"room":"r1","name":"bob"},1]');
    expect(await client.next()).toBe('msg,layout,["ACK",1]');
    client.say('uns,layout');
    await expectQuiet(client);
    ann.say('CLIENTS', { room: 'r1' });
    expect(await ann.next()).toEqual(['CLIENTS', { room: 'r1', clients: ['ann'] }]);
    client.say('msg,layout,["NOTIFY",{"room":"r1","message":"gone"}]');
    await expectQuiet(client, ann);
  });

  it('takes any other name as a room', async () => {
    const a = await multiplex();
    const b = await multiplex();
    a.say('sub,anything');
    b.say('sub,anything');
    await expectQuiet(a, b);
    a.say('msg,anything,hello');
    expect(await a.next()).toBe('msg,anything,hello');
    expect(await b.next()).toBe('msg,anything,hello');
    await expectQuiet(a, b);
  });

  it('knows only listed names as rooms where rooms are listed, and every gateway still', async () => {
    await server.close();
    server = await startServer({ rooms: 'listed', channels: ['kitchen', 'a,b'] });
    const client = await multiplex();
    client.say('sub,hall', 'msg,hall,x');
    await expectQuiet(client);
    client.say('sub,kitchen', 'msg,kitchen,soup', 'sub,a%2Cb', 'msg,a%2Cb,x');
    expect(await client.next()).toBe('msg,kitchen,soup');
    expect(await client.next()).toBe('msg,a%2Cb,x');
    client.say('sub,echo', 'msg,echo,y');
    expect(await client.next()).toBe('msg,echo,y');
    const ann = await onLayout('kitchen', 'ann');
    ann.say('NOTIFY', { room: 'kitchen', message: 'hi' });
    expect(await client.next()).toBe('msg,kitchen,hi');
  });
});
