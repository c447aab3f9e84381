import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectQuiet } from './support/fence.ts';
import { MultiplexClient } from './support/multiplex-client.ts';
import { MULTIPLEX_HOSTS } from './support/multiplex-hosts.ts';
import { MultiplexStage } from './support/multiplex-stage.ts';
import { openSockJSLine } from './support/websocket-line.ts';

describe.each(MULTIPLEX_HOSTS)('server code on $name', ({ start }) => {
  let stage: MultiplexStage;
  beforeEach(async () => {
    stage = new MultiplexStage(await start());
  });
  afterEach(() => stage.host.close());

  const connect = async (): Promise<MultiplexClient> =>
    MultiplexClient.over(await openSockJSLine(stage.host.ws('/multiplex')));

  it('S2.33 may replace a channel: clients in the old one stay there', async () => {
    const old = await connect();
    old.say('sub,ann');
    expect(await old.next()).toBe('msg,ann,welcome ann');
    stage.host.registerChannel('ann').on('connection', (channel) => {
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
    expect(stage.host.unregisterChannel('hold')).toBe(true);
    expect(stage.host.unregisterChannel('hold')).toBe(false);
    for (const client of [a, b]) {
      expect(await client.next()).toBe('uns,hold');
      client.say('msg,hold,x', 'sub,hold', 'msg,hold,y');
      await expectQuiet(client);
    }
    expect(stage.visitsTo('hold')).toMatchObject([
      { closes: 1, data: [] },
      { closes: 1, data: [] },
    ]);
  });

  it('writes anything as text', async () => {
    const client = await connect();
    client.say('sub,hold');
    await expectQuiet(client);
    const [visit] = stage.visitsTo('hold');
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
    stage.red.on('join', (member) => {
      ids.set(member.id, `m${ids.size + 1}`);
      log.push(`join ${ids.get(member.id)}`);
    });
    stage.red.on('leave', (member) => log.push(`leave ${ids.get(member.id)}`));
    stage.red.on('message', (payload, member) => log.push(`${ids.get(member?.id ?? '')}: ${payload}`));
    const a = await connect();
    const b = await connect();
    for (const client of [a, b]) {
      client.say('sub,red');
      await expectQuiet(client);
    }
    b.say('msg,red,hi');
    expect([await a.next(), await b.next()]).toEqual(['msg,red,hi', 'msg,red,hi']);
    expect(stage.red.size).toBe(2);
    a.say('uns,red');
    await expectQuiet(a);
    expect(log).toEqual(['join m1', 'join m2', 'm2: hi', 'leave m1']);
    expect(stage.red.size).toBe(1);
  });

  it('broadcasts into a room, to all or to all but one', async () => {
    const members: { id: string }[] = [];
    stage.red.on('join', (member) => members.push(member));
    const a = await connect();
    const b = await connect();
    for (const client of [a, b]) {
      client.say('sub,red');
      await expectQuiet(client);
    }
    await stage.red.broadcast('to all');
    expect([await a.next(), await b.next()]).toEqual(['msg,red,to all', 'msg,red,to all']);
    await stage.red.broadcast('to one', { except: members[0] as { id: string } });
    expect(await b.next()).toBe('msg,red,to one');
    await expectQuiet(a, b);
  });

  it('may have a room that does not echo', async () => {
    stage.host.registerRoom('quiet', { echo: false });
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

  it('ends a channel with last words, if there are any', async () => {
    const client = await connect();
    for (const words of [undefined, null, '', 'so long', 5]) {
      client.say('sub,hold');
      await expectQuiet(client);
      const visit = stage.visitsTo('hold').at(-1);
      visit?.channel.end(words);
      visit?.channel.end('twice');
      if (words) expect(await client.next()).toBe(`msg,hold,${words}`);
      expect(await client.next()).toBe('uns,hold');
      await expectQuiet(client);
      expect(visit?.closes).toBe(1);
    }
  });

  it('that fails in a channel costs that client its connection, and all its channels hear of the end', async () => {
    stage.register('bad', (channel) => {
      channel.on('data', () => {
        throw new Error('a bug in data');
      });
      channel.on('close', () => {
        throw new Error('a bug in close');
      });
    });
    const other = await connect();
    other.say('sub,hold');
    const client = await connect();
    client.say('sub,bad', 'sub,hold');
    await expectQuiet(client, other);
    client.say('msg,bad,x');
    expect(await client.line.closed).toMatchObject({ code: 1011 });
    await expectQuiet(other);
    expect(stage.visitsTo('bad')).toMatchObject([{ closes: 1 }]);
    expect(stage.visitsTo('hold')).toMatchObject([{ closes: 0 }, { closes: 1 }]);
  });

  it('that fails when it ends a channel itself costs that client its connection', async () => {
    stage.register('bad', (channel) => {
      channel.on('close', () => {
        throw new Error('a bug');
      });
      channel.on('data', () => channel.end());
    });
    const client = await connect();
    client.say('sub,bad', 'msg,bad,x');
    expect(await client.next()).toBe('uns,bad');
    expect(await client.line.closed).toMatchObject({ code: 1011 });
  });
});
