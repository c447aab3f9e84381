import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './support/fence.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { startServer, type TestServer } from './support/server.ts';
import { openRawLine, openSockJSLine } from './support/websocket-line.ts';

describe.each([
  { name: 'a raw WebSocket', open: openRawLine },
  { name: 'a SockJS WebSocket', open: openSockJSLine },
])('/multiplex over $name', ({ open }) => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startServer();
  });
  afterEach(() => server.close());
  const connect = async (): Promise<MultiplexClient> =>
    MultiplexClient.over(await open(server.ws('/multiplex')));

  it('has topics of at most 255 characters', async () => {
    const client = await connect();
    for (const name of ['t'.repeat(255), '%FC'.repeat(255)]) {
      client.say(`sub,${name}`, `msg,${name},x`);
      expect(await client.next()).toBe(`msg,${name},x`);
    }
    for (const name of ['t'.repeat(256), '%FC'.repeat(256)]) client.say(`sub,${name}`, `msg,${name},x`);
    await expectQuiet(client);
  });

  it('holds at most 1000 topics, and takes another when one was left', async () => {
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
    const client = await connect();
    client.say('sub,ann');
    const longest = `msg,ann,${'x'.repeat(131_072 - 'msg,ann,'.length)}`;
    client.say(longest);
    expect(await client.next()).toBe(longest);
    client.say(`${longest}x`);
    expect(await client.line.closed).toMatchObject({ code: 1009 });
  });

  it('counts the limit of a message in bytes', async () => {
    const client = await connect();
    client.say(`msg,ann,${'日'.repeat(131_072 / 3)}`);
    expect(await client.line.closed).toMatchObject({ code: 1009 });
  });
});

it('S2.33 a server does not register a name twice unless it is told to replace', async () => {
  const server = await startServer();
  server.roomplex.registerChannel('ann');
  expect(() => server.roomplex.registerChannel('ann')).toThrow('ann');
  server.roomplex.registerChannel('ann', { replace: true });
  await server.close();
});
