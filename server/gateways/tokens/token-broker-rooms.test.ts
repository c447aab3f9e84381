import { beforeEach, describe, expect, it } from 'vitest';
import { DOORS } from '../../test/support/doors.ts';
import { ENGINES, newStore } from '../../test/support/engines.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { get, post, request } from '../../test/support/http-exchange.ts';
import { within } from '../../test/support/inbox.ts';
import { MultiplexClient } from '../../test/support/multiplex-client.ts';
import { RoomsClient } from '../../test/support/rooms-client.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { TokenClient } from '../../test/support/token-client.ts';
import { openRawLine, openSocket } from '../../test/support/websocket-line.ts';

let server: TestServer;
const start = serverPool();
const [RAW] = DOORS as [(typeof DOORS)[number]];
beforeEach(async () => {
  server = await start({ tokenBroker: { allowUnregistered: true } });
});

const open = (token?: string): Promise<TokenClient> => TokenClient.open(server, RAW, token);

async function onLayout(room: string, extras: object = {}): Promise<RoomsClient> {
  const client = new RoomsClient(await openRawLine(server.ws('/layout')));
  expect((await client.ask('JOIN', { room, name: 'ann', ...extras }))[0]).toBe('ACK');
  return client;
}

async function onTopic(...topics: string[]): Promise<MultiplexClient> {
  const client = await MultiplexClient.over(await openRawLine(server.ws('/multiplex')));
  client.say(...topics.map((topic) => `sub,${topic}`));
  await expectQuiet(client);
  return client;
}

describe('a token that anybody may take', () => {
  it('is the room of that name for the other protocols', async () => {
    const [sender, holder] = [await open('sender'), await open('r1')];
    const [member, subscriber] = [await onLayout('r1'), await onTopic('r1', 'r2')];
    sender.say('r1|hi');
    expect(await holder.next()).toBe('hi');
    expect(await member.nextText()).toBe('["EVENT",{"sender":"unknown","room":"r1","message":"hi"}]');
    expect(await subscriber.next()).toBe('msg,r1,hi');
    sender.say('r2|for the topic alone');
    expect(await subscriber.next()).toBe('msg,r2,for the topic alone');
    await expectQuiet(sender, holder, member, subscriber);
  });

  it('hears what the other protocols say in its room, as text', async () => {
    const holder = await open('r1');
    const [member, subscriber] = [await onLayout('r1'), await onTopic('r1')];
    for (const [message, text] of [
      ['hi', 'hi'],
      [{ k: [1, 'ü'] }, '{"k":[1,"ü"]}'],
      [[], '[]'],
      [5, '5'],
      [null, 'null'],
      ['', ''],
    ]) {
      member.say('NOTIFY', { room: 'r1', message });
      expect(await holder.next()).toBe(text);
    }
    member.say('NOTIFY', { room: 'r1' });
    expect(await holder.next()).toBe('');
    subscriber.say('msg,r1,from the topic');
    await subscriber.fence();
    expect(await holder.next()).toBe('from the topic');
    member.say('CLIENTS', { room: 'r1' });
    expect((await member.fence()).at(-1)).toEqual([
      'CLIENTS',
      { room: 'r1', clients: ['unknown', 'ann', 'unknown'] },
    ]);
  });

  it('is found below a group through every door', async () => {
    const sender = await open('sender');
    const [member, subscriber] = [await onLayout('group/a'), await onTopic('group/', 'groups/x')];
    sender.say('group/,group/a|hi');
    expect((await member.next())[1]).toMatchObject({ room: 'group/a', message: 'hi' });
    expect(await subscriber.next()).toBe('msg,group/,hi');
    await expectQuiet(member, subscriber, sender);
  });

  it('comes and goes in the presence of its room', async () => {
    const member = await onLayout('r1', { presence: true });
    const holder = await open();
    holder.say('RegisterToken:r1');
    expect(await member.next()).toMatchObject(['PRESENCE', { joins: [{ name: 'unknown' }], leaves: [] }]);
    holder.say('RegisterToken:r2');
    expect(await member.next()).toMatchObject(['PRESENCE', { joins: [], leaves: [{ name: 'unknown' }] }]);
  });

  it('is closed with 4001 when it is ejected, and with 4002 when its room closes', async () => {
    const [one, two, three] = [await open('r1'), await open('r1'), await open('r2')];
    const detail = JSON.parse((await get(server.http('/api/rooms/r1'))).body) as {
      members: { id: string }[];
    };
    const id = encodeURIComponent(detail.members[0]?.id ?? '');
    const reason = encodeURIComponent(`go ${'日'.repeat(60)}`);
    await request(server.http(`/api/rooms/r1/members/${id}?reason=${reason}`), { method: 'DELETE' });
    const closing = await one.line.closed;
    expect(closing).toEqual({ code: 4001, reason: `go ${'日'.repeat(40)}` });
    await request(server.http('/api/rooms/r1?reason=over'), { method: 'DELETE' });
    expect(await two.line.closed).toEqual({ code: 4002, reason: 'over' });
    three.say('r1|nobody', 'r2|me');
    expect(await three.fence()).toEqual(['me']);
    expect((await get(server.http('/?method=get_clients'))).body).toMatch(/^\{"127\.0\.0\.1:\d+":"r2"\}$/);
  });

  it('asks the hooks, and tells a sender of its refusal where notices are on', async () => {
    const heard: string[] = [];
    server = await start({
      tokenBroker: { allowUnregistered: true, notices: true },
      hooks: {
        publish: ({ room, draft }) => {
          if (room === 'readonly') throw new Error('read only');
          heard.push(`${room}: ${String(draft.data)}`);
        },
      },
    });
    const [sender, holder] = [await open('sender'), await open('readonly')];
    sender.say('readonly,sender|x');
    expect(await sender.fence()).toEqual(['Error:read only', 'x']);
    const fields = new URLSearchParams({ method: 'broadcast', message: 'readonly,sender|y' }).toString();
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post(server.http('/'), fields, type)).status).toBe(200);
    expect(await sender.next()).toBe('y');
    await expectQuiet(sender, holder);
    expect(heard).toEqual(['sender: x', 'sender: y']);
  });
});

describe.each(ENGINES)('what one client says, with $engine', ({ options }) => {
  it('S4.11 S4.12 happens in its order, also when nothing is waited for', async () => {
    server = await start({ tokenBroker: { allowUnregistered: true }, ...options() });
    const ann = await open('a');
    for (let round = 0; round < 10; round++) {
      ann.say('a|to a', 'RegisterToken:b', 'b|to b', 'Echo:?', 'a|not mine', 'RegisterToken:a', 'b|nor this');
      expect(await ann.fence()).toEqual(['to a', 'to b', '?']);
    }
  });
});

describe('what one client says, faster than a store keeps it', () => {
  it('ends its connection when too much of it waits for its turn', async () => {
    server = await start({
      tokenBroker: { allowUnregistered: true },
      limits: { pending: 2000 },
      data: newStore(),
    });
    const ann = await open('a');
    for (let said = 0; said < 20; said++) ann.say(`a|${said}`, 'RegisterToken:a');
    expect((await ann.line.closed).code).toBe(1013);
  });
});

describe('S4.35 a message to 1000 connections', () => {
  const COUNT = 1000;

  it.each([
    ['below one group, each with a token of its own', (n: number) => `all/${n}`, () => 'all/'],
    ['that share a token', () => 'all', () => 'all'],
    [
      'named one by one',
      (n: number) => `all/${n}`,
      () => Array.from({ length: COUNT }, (_, n) => `all/${n}`).join(','),
    ],
  ])(
    '%s, reaches each once within a second, though one does not read',
    async (_, token, receivers) => {
      server = await start({ tokenBroker: { allowUnregistered: true }, limits: { outbox: 0 } });
      const deaf = await openSocket(server.ws(`/ws?RegisterToken=${encodeURIComponent(token(0))}`));
      deaf.socket.pause();
      // More than the sockets on one machine take: what comes after it must wait.
      for (let n = 0; n < 150; n++) deaf.send(`Echo:${'x'.repeat(100_000)}`);
      const clients: TokenClient[] = [];
      for (let n = 0; n < COUNT; n++) clients.push(await open(token(n)));
      const sender = await open('sender');
      const startedAt = performance.now();
      sender.say(`${receivers()}|Hello`);
      const heard = await within('delivery', Promise.all(clients.map((client) => client.next())));
      const tookMs = performance.now() - startedAt;
      expect(new Set(heard)).toEqual(new Set(['Hello']));
      expect(tookMs).toBeLessThan(1000);
      const more = await Promise.all([...clients, sender].map((client) => client.fence()));
      expect(more.flat()).toEqual([]);
      expect(deaf.frames.size).toBe(0);
      deaf.socket.terminate();
      await Promise.all(clients.map((client) => client.close()));
    },
    60_000,
  );
});
