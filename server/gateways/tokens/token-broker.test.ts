import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openChannelLine } from '../../test/support/channel-line.ts';
import { DOORS, type Door } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { get } from '../../test/support/http-exchange.ts';
import { take } from '../../test/support/line.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';
import { TokenClient } from '../../test/support/token-client.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

const REGISTERED = ['abc1', 'abc2', 'abc3', 'group/item1', 'group/item2'];
const registered = new Map(REGISTERED.map((token) => [token, true] as const));

let server: TestServer;
const start = (allowUnregistered: boolean) => async (): Promise<void> => {
  server = await startServer({ tokenBroker: { allowUnregistered, registered } });
};
afterEach(() => server.close());

/** Connections as the cases name them (S4 §11); `sender` has a token that no case speaks of. */
class Cast {
  readonly all: Record<'a1' | 'a2' | 'a3' | 'g1' | 'g2' | 'u' | 'sender', TokenClient>;

  private constructor(all: Cast['all']) {
    this.all = all;
  }

  static async gather(door: Door): Promise<Cast> {
    const open = (token?: string): Promise<TokenClient> => TokenClient.open(server, door, token);
    return new Cast({
      a1: await open('abc1'),
      a2: await open('abc2'),
      a3: await open('abc3'),
      g1: await open('group/item1'),
      g2: await open('group/item2'),
      u: await open(),
      sender: await open('sender'),
    });
  }

  /** Says something and asserts who gets what, in order; whoever is not named gets nothing. */
  async expectAfter(
    speaker: keyof Cast['all'],
    said: string,
    heard: { readonly [Name in keyof Cast['all']]?: string | readonly string[] },
  ): Promise<void> {
    this.all[speaker].say(said);
    await this.all[speaker].fence().then((own) => {
      expect({ said, own }).toEqual({ said, own: [heard[speaker] ?? []].flat() });
    });
    for (const [name, client] of Object.entries(this.all)) {
      if (name === speaker) continue;
      const got = await client.fence();
      expect({ said, name, got }).toEqual({
        said,
        name,
        got: [heard[name as keyof Cast['all']] ?? []].flat(),
      });
    }
  }
}

describe.each(DOORS)('/ws through $name', (door) => {
  beforeEach(start(true));

  it('S4.1 delivers to the tokens of a list and below a group, to each once', async () => {
    const cast = await Cast.gather(door);
    const heard = { a1: 'Hello', a3: 'Hello', g1: 'Hello', g2: 'Hello' };
    await cast.expectAfter('a2', 'abc1,group/,abc3|Hello', heard);
  });

  it('S4.2 S4.3 S4.4 splits at the first bar and takes the rest as it is', async () => {
    const cast = await Cast.gather(door);
    await cast.expectAfter('sender', 'abc1|a|b', { a1: 'a|b' });
    await cast.expectAfter('sender', 'abc1|', { a1: '' });
    await cast.expectAfter('sender', '|Hello', {});
    await cast.expectAfter('sender', ' abc1 , abc3 |x', { a1: 'x', a3: 'x' });
    await cast.expectAfter('sender', 'abc1| x ', { a1: ' x ' });
    await cast.expectAfter('sender', 'abc1|{"a":"ü\n日本,😀"}', { a1: '{"a":"ü\n日本,😀"}' });
  });

  it('S4.5 S4.6 compares whole tokens, and prefixes of those that end in a slash', async () => {
    const cast = await Cast.gather(door);
    for (const said of ['abc|x', 'bc1|x', 'ABC1|x', 'abc11|x', 'group|x', 'group/item|x', '/|x', 'roup/|x']) {
      await cast.expectAfter('sender', said, {});
    }
    await cast.expectAfter('sender', 'group/|x', { g1: 'x', g2: 'x' });
    await cast.expectAfter('sender', 'group/item1|x', { g1: 'x' });
  });

  it('S4.7 S4.8 S4.9 delivers once to a connection, and to every connection of a token', async () => {
    const cast = await Cast.gather(door);
    const group = await TokenClient.open(server, door, 'group/');
    const twin = await TokenClient.open(server, door, 'abc1');
    await cast.expectAfter('sender', 'group/|x', { g1: 'x', g2: 'x' });
    expect(await group.fence()).toEqual(['x']);
    await cast.expectAfter('sender', 'group/item1|x', { g1: 'x' });
    await cast.expectAfter('sender', 'abc1,abc1,abc1|x', { a1: 'x' });
    await cast.expectAfter('sender', 'group/,group/item1,group/|x', { g1: 'x', g2: 'x' });
    expect(await group.fence()).toEqual(['x']);
    expect(await twin.fence()).toEqual(['x']);
    await cast.expectAfter('a1', 'abc1|me', { a1: 'me' });
    expect(await twin.fence()).toEqual(['me']);
  });

  it('S4.10 S4.11 knows who has no token as unregistered, until it takes one, without a word', async () => {
    const cast = await Cast.gather(door);
    await cast.expectAfter('sender', 'unregistered|x', { u: 'x' });
    await cast.expectAfter('u', 'RegisterToken:abc1', {});
    await cast.expectAfter('sender', 'abc1|x', { a1: 'x', u: 'x' });
    await cast.expectAfter('sender', 'unregistered|y', {});
    await cast.expectAfter('u', 'RegisterToken:unregistered', {});
    await cast.expectAfter('sender', 'abc1,unregistered|z', { a1: 'z', u: 'z' });
  });

  it('S4.12 replaces a token, and keeps it where the new one is none', async () => {
    const cast = await Cast.gather(door);
    await cast.expectAfter('a1', 'RegisterToken:abc2', {});
    await cast.expectAfter('sender', 'abc1|x', {});
    await cast.expectAfter('sender', 'abc2|x', { a1: 'x', a2: 'x' });
    for (const none of ['', ' ', 'a,b', 'a|b', 'x'.repeat(256)]) {
      await cast.expectAfter('a1', `RegisterToken:${none}`, {});
      await cast.expectAfter('sender', 'abc2|x', { a1: 'x', a2: 'x' });
    }
    await cast.expectAfter('a1', 'RegisterToken:abc2', {});
    await cast.expectAfter('sender', 'abc2|once', { a1: 'once', a2: 'once' });
  });

  it('S4.13 takes a token with slashes and colons, without the blanks around it', async () => {
    const cast = await Cast.gather(door);
    await cast.expectAfter('u', 'RegisterToken:group/item1', {});
    await cast.expectAfter('sender', 'group/item1|x', { g1: 'x', u: 'x' });
    await cast.expectAfter('u', 'RegisterToken: a:b ', {});
    await cast.expectAfter('sender', 'a:b|x', { u: 'x' });
    await cast.expectAfter('sender', 'a|x', {});
  });

  it('S4.14 echoes to the sender alone', async () => {
    const cast = await Cast.gather(door);
    await cast.expectAfter('a1', 'Echo:hello', { a1: 'hello' });
    await cast.expectAfter('a1', 'Echo:a:b|c', { a1: 'a:b|c' });
    await cast.expectAfter('a1', 'Echo:', { a1: '' });
    await cast.expectAfter('a1', 'Echo: abc2|x', { a1: ' abc2|x' });
    await cast.expectAfter('a1', 'echo:x', {});
  });

  it('S4.15 ignores what has no receivers, and counts it', async () => {
    const cast = await Cast.gather(door);
    for (const said of ['hello', 'abc1 hello', '', 'registerToken:abc1', 'RegisterToken', 'abc1,abc2']) {
      await cast.expectAfter('sender', said, {});
    }
    const metrics = await get(server.http('/metrics'));
    expect(metrics.body).toContain('roomplex_ignored_total{place="ws",reason="unknown-message"} 6');
  });

  it.each(['__proto__', 'constructor', '日本', 'x'.repeat(255), 'a b', '0', '😀/x'])(
    'S4.34 treats the token %s like any other',
    async (token) => {
      const client = await TokenClient.open(server, door, token);
      const other = await TokenClient.open(server, door, 'other');
      other.say(`${token}|to you`);
      expect(await client.next()).toBe('to you');
      client.say('RegisterToken:other', 'other|to both');
      expect([await client.next(), await other.next()]).toEqual(['to both', 'to both']);
      other.say(`${token}|gone`);
      await expectQuiet(client, other);
    },
  );

  it('keeps the order of what one says to several', async () => {
    const speaker = await TokenClient.open(server, door, 'speaker');
    const listener = await TokenClient.open(server, door, 'list/ener');
    const texts = Array.from({ length: 200 }, (_, number) => `${number}`);
    const receivers = ['list/', 'speaker,list/ener', 'list/ener'];
    speaker.say(...texts.map((text, number) => `${receivers[number % 3]}|${text}`));
    expect(await take(listener, 200)).toEqual(texts);
    expect(await speaker.fence()).toEqual(texts.filter((_, number) => number % 3 === 1));
  });
});

describe.each(DOORS.filter(({ hasQuery }) => hasQuery))(
  '/ws where tokens must be registered, through $name',
  (door) => {
    beforeEach(start(false));

    it('S4.17 lets a connection take registered tokens only', async () => {
      const client = await TokenClient.open(server, door, 'abc1');
      const other = await TokenClient.open(server, door, 'abc3');
      client.say('RegisterToken:zzz', 'RegisterToken:unregistered');
      await client.fence();
      other.say('zzz,unregistered,abc1|still abc1');
      expect(await client.next()).toBe('still abc1');
      client.say('RegisterToken:abc2');
      await client.fence();
      other.say('abc1|nobody', 'abc2|now abc2');
      expect(await client.next()).toBe('now abc2');
      await expectQuiet(client, other);
    });
  },
);

describe('/ws where tokens must be registered', () => {
  beforeEach(start(false));

  it('S4.17 holds on a channel of a carrier with a token', async () => {
    const carrier = await openRawLine(server.ws('/multiplex?RegisterToken=abc1'));
    const client = new TokenClient(await openChannelLine(carrier, 'ws'));
    client.say('RegisterToken:zzz');
    expect(await client.fence()).toEqual([]);
    client.say('abc1|me', 'zzz|nobody', 'RegisterToken:abc2', 'abc1|nobody', 'abc2|me again');
    expect(await client.fence()).toEqual(['me', 'me again']);
    const stranger = await openChannelLine(await openRawLine(server.ws('/multiplex')), 'ws');
    expect((await stranger.closed).reason).toBe('uns');
  });
});

describe('a carrier with a token', () => {
  beforeEach(start(true));

  it('S4.19 gives it to its channel', async () => {
    const carrier = await openRawLine(server.ws('/multiplex?RegisterToken=group%2Fitem1'));
    const client = new TokenClient(await openChannelLine(carrier, 'ws'));
    client.say('group/|me');
    expect(await client.fence()).toEqual(['me']);
  });
});
