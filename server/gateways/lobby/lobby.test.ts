import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bystanders } from '../../test/support/bystanders.ts';
import { nested } from '../../test/support/nested.ts';
import { DOORS } from '../../test/support/doors.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { RoomsClient } from '../../test/support/rooms-client.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';
import { startServer, type TestServer } from '../../test/support/server.ts';

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(() => server.close());

/** Someone in a lobby, and the id under which the others know it. */
interface Peer {
  readonly client: RoomsClient;
  readonly id: string;
}

const WAYS_IN = DOORS.flatMap((door) => [
  { door, way: 'JOIN', title: `by JOIN through ${door.name}` },
  ...(door.hasQuery ? [{ door, way: 'query', title: `by query through ${door.name}` }] : []),
]);

describe.each(WAYS_IN)('/lobby $title', ({ door, way }) => {
  /** Comes into a lobby and reads `JOINED` and `PEERS`; `others` read their `JOINED`. */
  async function enter(lobby: string, others: readonly Peer[] = []): Promise<Peer> {
    const query = way === 'query' ? `?lobbyId=${encodeURIComponent(lobby)}` : '';
    const client = new RoomsClient(await door.open(server, 'lobby', query));
    if (way === 'JOIN') client.say('JOIN', lobby);
    const [event, id] = await client.next();
    expect(event).toBe('JOINED');
    expect(await client.next()).toEqual(['PEERS', others.map((other) => other.id)]);
    for (const other of others) expect(await other.client.next()).toEqual(['JOINED', id]);
    return { client, id: id as string };
  }

  async function three(): Promise<[Peer, Peer, Peer]> {
    const l1 = await enter('green');
    const l2 = await enter('green', [l1]);
    const l3 = await enter('green', [l1, l2]);
    return [l1, l2, l3];
  }

  const quiet = (...peers: Peer[]): Promise<void> => expectQuiet(...peers.map((peer) => peer.client));

  it('S1.26 announces a newcomer to all and tells it its peers', async () => {
    const l1 = await enter('green');
    const l2 = await enter('green', [l1]);
    expect(l1.id).not.toBe(l2.id);
    expect([typeof l1.id, typeof l2.id]).toEqual(['string', 'string']);
    await quiet(l1, l2);
  });

  it('S1.27 hands a signal to its target alone, with the sender in it', async () => {
    const [l1, l2, l3] = await three();
    l1.client.say('RTCSIGNAL', { to: l2.id, type: 'offer', sdp: 'v=0\r\n' });
    expect(await l2.client.next()).toEqual([
      'RTCSIGNAL',
      { to: l2.id, type: 'offer', sdp: 'v=0\r\n', from: l1.id },
    ]);
    await quiet(l1, l2, l3);
  });

  it('S1.28 does not believe a forged from', async () => {
    const [l1, l2, l3] = await three();
    l1.client.say('RTCSIGNAL', { from: l3.id, to: l2.id, type: 'offer' });
    expect(await l2.client.next()).toEqual(['RTCSIGNAL', { from: l1.id, to: l2.id, type: 'offer' }]);
    await quiet(l1, l2, l3);
  });

  it('S1.28 refuses a signal that has no target in the lobby', async () => {
    const [l1, l2] = await three();
    const elsewhere = await enter('blue');
    for (const to of ['nobody', elsewhere.id, 'green', '', null, 5, '__proto__', [l2.id]]) {
      l1.client.say('RTCSIGNAL', { to, type: 'offer' });
      expect(await l1.client.next()).toEqual([
        'ERROR',
        { event: 'RTCSIGNAL', code: 'unknown-peer', reason: expect.any(String) },
      ]);
    }
    l1.client.say('RTCSIGNAL', { type: 'offer' });
    expect(await l1.client.next()).toMatchObject(['ERROR', { event: 'RTCSIGNAL', code: 'unknown-peer' }]);
    await quiet(l1, l2, elsewhere);
  });

  it('S1.28 refuses a signal that is no object', async () => {
    const [l1, l2] = await three();
    for (const payload of [null, 5, 'text', [], true]) {
      expect(await l1.client.ask('RTCSIGNAL', payload)).toMatchObject(['ERROR', { event: 'RTCSIGNAL' }]);
    }
    await quiet(l1, l2);
  });

  it('S1.29 broadcasts to all, the sender included', async () => {
    const peers = await three();
    const [l1] = peers;
    l1.client.say('BROADCAST', { message: 'hi' });
    for (const { client } of peers) {
      expect(await client.nextText()).toBe(JSON.stringify(['MESSAGE', { from: l1.id, message: 'hi' }]));
    }
    await quiet(...peers);
  });

  it('S1.29 takes the lobby in the request, and any bare value as the message', async () => {
    const peers = await three();
    const [l1, l2] = peers;
    l1.client.say('BROADCAST', { lobbyId: 'green', message: { k: [1] } });
    for (const { client } of peers) {
      expect(await client.next()).toEqual(['MESSAGE', { from: l1.id, message: { k: [1] } }]);
    }
    for (const bare of ['text', 5, null, [1], { text: 'no message key' }]) {
      l2.client.say('BROADCAST', bare);
      for (const { client } of peers) {
        expect(await client.next()).toEqual(['MESSAGE', { from: l2.id, message: bare }]);
      }
    }
    l1.client.say('BROADCAST', { lobbyId: 'blue', message: 'x' });
    expect(await l1.client.next()).toMatchObject(['ERROR', { event: 'BROADCAST', code: 'not-a-member' }]);
    await quiet(...peers);
  });

  it('S1.30 lets a peer leave and tells the others once', async () => {
    const [l1, l2, l3] = await three();
    l2.client.say('LEAVE', 'green', 5);
    expect(await l2.client.nextText()).toBe('["ACK",5]');
    expect(await l1.client.next()).toEqual(['LEFT', l2.id]);
    expect(await l3.client.next()).toEqual(['LEFT', l2.id]);
    l1.client.say('BROADCAST', { message: 'without you' });
    for (const { client } of [l1, l3]) {
      expect(await client.next()).toEqual(['MESSAGE', { from: l1.id, message: 'without you' }]);
    }
    await l2.client.close();
    await quiet(l1, l3);
  });

  it('S1.30 lets a peer come back after it left', async () => {
    const l1 = await enter('green');
    const l2 = await enter('green', [l1]);
    await l2.client.ask('LEAVE', 'green');
    expect(await l1.client.next()).toEqual(['LEFT', l2.id]);
    l2.client.say('JOIN', 'green');
    expect(await l2.client.next()).toEqual(['JOINED', l2.id]);
    expect(await l2.client.next()).toEqual(['PEERS', [l1.id]]);
    expect(await l1.client.next()).toEqual(['JOINED', l2.id]);
  });

  it('S1.30 refuses to leave a lobby that the peer is not in', async () => {
    const l1 = await enter('green');
    const l2 = await enter('green', [l1]);
    expect(await l2.client.ask('LEAVE', 'blue')).toMatchObject([
      'ERROR',
      { event: 'LEAVE', code: 'not-a-member' },
    ]);
    await quiet(l1, l2);
  });

  it('S1.30 tells of coming and going in this order when both are asked for at once', async () => {
    const l1 = await enter('green');
    const client = new RoomsClient(await door.open(server, 'lobby'));
    await client.line.send('["JOIN","green"]', '["LEAVE","green"]', '["JOIN","blue"]');
    const [, id] = await client.next();
    expect(await client.next()).toEqual(['PEERS', [l1.id]]);
    expect(await client.next()).toEqual(['JOINED', id]);
    expect(await client.next()).toEqual(['PEERS', []]);
    expect(await l1.client.next()).toEqual(['JOINED', id]);
    expect(await l1.client.next()).toEqual(['LEFT', id]);
    await expectQuiet(client, l1.client);
  });

  it('S1.31 tells the others once of a peer that is cut off', async () => {
    const [l1, l2, l3] = await three();
    await l2.client.close();
    expect(await l1.client.next()).toEqual(['LEFT', l2.id]);
    expect(await l3.client.next()).toEqual(['LEFT', l2.id]);
    await quiet(l1, l3);
  });

  it('S1.32 refuses a second lobby, and the same one again, and stays in the first', async () => {
    const l1 = await enter('green');
    const l2 = await enter('green', [l1]);
    for (const lobby of ['blue', 'green']) {
      expect(await l1.client.ask('JOIN', lobby)).toMatchObject([
        'ERROR',
        { event: 'JOIN', code: 'already-member' },
      ]);
    }
    l2.client.say('BROADCAST', 'still here?');
    expect(await l1.client.next()).toEqual(['MESSAGE', { from: l2.id, message: 'still here?' }]);
    expect(await l2.client.next()).toEqual(['MESSAGE', { from: l2.id, message: 'still here?' }]);
    await quiet(l1, l2);
  });

  it.each(['__proto__', 'constructor', '日本', 'a,b', 'green room'])(
    'S1.21 treats the lobby %s like any other',
    async (lobby) => {
      const l1 = await enter(lobby);
      const l2 = await enter(lobby, [l1]);
      expect(await l2.client.ask('LEAVE', lobby)).toEqual(['ACK', 1]);
      expect(await l1.client.next()).toEqual(['LEFT', l2.id]);
    },
  );
});

describe.each(DOORS)('/lobby without a lobby, through $name', (door) => {
  it('S1.33 waits for JOIN and refuses what needs a lobby', async () => {
    const client = new RoomsClient(await door.open(server, 'lobby'));
    await expectQuiet(client);
    expect(await client.ask('BROADCAST', { message: 'x' })).toEqual([
      'ERROR',
      { event: 'BROADCAST', id: 1, code: 'not-a-member', reason: expect.any(String) },
    ]);
    expect(await client.ask('LEAVE', 'green')).toMatchObject([
      'ERROR',
      { event: 'LEAVE', code: 'not-a-member' },
    ]);
    expect((await client.ask('RTCSIGNAL', { to: 'x' }))[0]).toBe('ERROR');
    for (const lobby of [null, 5, '', {}, ['green']]) {
      expect(await client.ask('JOIN', lobby)).toMatchObject([
        'ERROR',
        { event: 'JOIN', code: 'bad-request' },
      ]);
    }
    client.say('JOIN', 'green');
    expect((await client.next())[0]).toBe('JOINED');
    expect(await client.next()).toEqual(['PEERS', []]);
  });

  it('acknowledges a JOIN that asks for it', async () => {
    const client = new RoomsClient(await door.open(server, 'lobby'));
    client.say('JOIN', 'green', 'now');
    const frames = [await client.next(), await client.next(), await client.next()];
    expect(frames).toContainEqual(['ACK', 'now']);
    expect(frames.filter(([event]) => event !== 'ACK').map(([event]) => event)).toEqual(['JOINED', 'PEERS']);
    await expectQuiet(client);
  });
});

describe('deep JSON', () => {
  it.each([100, 5000, 60_000])('of %d levels in a signal harms nobody', async (depth) => {
    const check = await bystanders(server);
    const verbs = [
      '["JOIN","green"]',
      `["BROADCAST",${nested(depth)}]`,
      `["RTCSIGNAL",{"to":${nested(depth)}}]`,
    ];
    for (let round = 0; round < 2; round++) {
      const client = new RoomsClient(await openRawLine(server.ws('/lobby')));
      await client.line.send(...verbs);
      await client.fence();
    }
    await check();
  });
});
