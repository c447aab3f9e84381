import { beforeEach, describe, expect, it } from 'vitest';
import { openHttpLine } from './support/http-line.ts';
import { take, type Line } from './support/line.ts';
import { RoomsClient } from './support/rooms-client.ts';
import { WAYS } from './support/ways.ts';
import { serverPool, type TestServer } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
beforeEach(async () => {
  server = await start();
});

async function member(open: () => Promise<Line>, name: string, extras: object = {}): Promise<RoomsClient> {
  const client = new RoomsClient(await open());
  expect((await client.ask('JOIN', { room: 'r1', name, ...extras }))[0]).toBe('ACK');
  return client;
}

/** `count` messages in a row, as `NAME/NUMBER`. */
function publish(client: RoomsClient, name: string, count: number): void {
  for (let number = 0; number < count; number++) {
    client.say('NOTIFY', { room: 'r1', message: `${name}/${number}` });
  }
}

async function messages(client: RoomsClient, count: number): Promise<string[]> {
  const frames = await take(client.line, count);
  return frames.map((frame) => (JSON.parse(frame) as [string, { message: string }])[1].message);
}

/** Everything that each of `names` said, in the order in which it said it. */
function everyWord(names: readonly string[], count: number): string[] {
  return names.flatMap((name) => Array.from({ length: count }, (_, number) => `${name}/${number}`));
}

/** The same messages sorted by who said them; within one speaker they keep their order. */
function bySpeaker(heard: readonly string[], names: readonly string[]): string[] {
  return names.flatMap((name) => heard.filter((message) => message.startsWith(`${name}/`)));
}

describe('one room over all transports at once', () => {
  it('brings 300 messages of three publishers to every transport in one same order', async () => {
    const listeners = await Promise.all(
      WAYS.map((way) => member(() => way.open(server, 'layout'), `on ${way.name}`)),
    );
    const topic = await openRawLine(server.ws('/multiplex'));
    await topic.send('sub,r1', 'sub,latency', 'msg,latency,subscribed');
    expect(await topic.next()).toBe('msg,latency,subscribed');
    const names = ['ann', 'bob', 'carl'];
    const publishers = [
      await member(() => openRawLine(server.ws('/layout')), 'ann'),
      await member(() => openHttpLine(server.http('/layout'), 'xhr-streaming'), 'bob'),
      await member(() => openHttpLine(server.http('/layout'), 'jsonp-polling'), 'carl'),
    ];
    for (const [index, publisher] of publishers.entries()) publish(publisher, names[index] ?? '', 100);
    const [first = [], ...others] = await Promise.all(listeners.map((listener) => messages(listener, 300)));
    expect(bySpeaker(first, names)).toEqual(everyWord(names, 100));
    for (const [index, other] of others.entries()) {
      expect({ way: WAYS[index + 1]?.name, heard: other }).toEqual({
        way: WAYS[index + 1]?.name,
        heard: first,
      });
    }
    expect(await take(topic, 300)).toEqual(first.map((message) => `msg,r1,${message}`));
    // Nothing came twice: the next thing that anyone hears is the answer to its own question.
    for (const listener of listeners) expect(await listener.fence()).toEqual([]);
    await Promise.all([...listeners, ...publishers].map((client) => client.close()));
  });

  it('brings publishers with echo their own messages where all others see them', async () => {
    const names = WAYS.map((_, index) => `p${index}`);
    const clients = await Promise.all(
      WAYS.map((way, index) => member(() => way.open(server, 'layout'), names[index] ?? '', { echo: true })),
    );
    for (const [index, client] of clients.entries()) publish(client, names[index] ?? '', 40);
    const heard = await Promise.all(clients.map((client) => messages(client, 40 * WAYS.length)));
    expect(bySpeaker(heard[0] ?? [], names)).toEqual(everyWord(names, 40));
    for (const other of heard) expect(other).toEqual(heard[0]);
    await Promise.all(clients.map((client) => client.close()));
  });

  it('keeps the order when one frame carries many messages', async () => {
    const listeners = await Promise.all(
      WAYS.map((way) => member(() => way.open(server, 'layout'), `on ${way.name}`)),
    );
    for (const [index, way] of WAYS.entries()) {
      const publisher = await member(() => way.open(server, 'layout'), 'ann');
      const said = Array.from({ length: 50 }, (_, number) => `${index}/${number}`);
      await publisher.line.send(
        ...said.map((message) => JSON.stringify(['NOTIFY', { room: 'r1', message }])),
      );
      for (const listener of listeners) expect(await messages(listener, 50)).toEqual(said);
      await publisher.close();
    }
    await Promise.all(listeners.map((client) => client.close()));
  });
});
