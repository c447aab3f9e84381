import { beforeEach, describe, expect, it } from 'vitest';
import { DOORS, type Door } from '../../test/support/doors.ts';
import { ENGINES } from '../../test/support/engines.ts';
import { enterRoom } from '../../test/support/enter-room.ts';
import { expectQuiet } from '../../test/support/fence.ts';
import { MultiplexClient } from '../../test/support/multiplex-client.ts';
import { RoomsClient } from '../../test/support/rooms-client.ts';
import { SeededRandom } from '../../test/support/random.ts';
import { serverPool, type TestServer } from '../../test/support/server.ts';
import { ECHO_ACTION, StateRoomsClient, type Entered } from '../../test/support/state-rooms-client.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

const start = serverPool();
let server: TestServer;
beforeEach(async () => {
  server = await start({ hooks: ECHO_ACTION });
});

const RAW = DOORS[0] as Door;
const onWss = (room: string, extras: object = {}): Promise<Entered> =>
  StateRoomsClient.enter(server, RAW, room, extras);
const onTopics = async (): Promise<MultiplexClient> =>
  MultiplexClient.over(await openRawLine(server.ws('/multiplex')));

async function onLayout(room: string, name: string, extras: object = {}): Promise<RoomsClient> {
  const client = new RoomsClient(await openRawLine(server.ws('/layout')));
  await client.ask('JOIN', { room, name, ...extras });
  return client;
}

interface Notice {
  readonly addClients?: Record<string, { clientName?: string; clientType?: string; clientState: object }>;
  readonly removeClients?: readonly string[];
}

describe('one room behind /wss, /layout and a topic', () => {
  it('shows members of other doors to clients of /wss as they come and go', async () => {
    const a = await onWss('r1');
    const ann = await onLayout('r1', 'ann');
    const added = (await a.next()) as Notice;
    const [annId = ''] = Object.keys(added.addClients ?? {});
    expect(added).toEqual({
      type: 3,
      addClients: { [annId]: { clientState: {}, clientName: 'ann', clientType: 'layout' } },
    });
    const topic = await onTopics();
    topic.say('sub,r1');
    const topicAdded = (await a.next()) as Notice;
    const [topicId = ''] = Object.keys(topicAdded.addClients ?? {});
    expect(topicAdded.addClients).toEqual({ [topicId]: { clientState: {}, clientType: 'multiplex' } });
    const b = await onWss('r1');
    expect(b.success.clients).toEqual({
      [a.id]: { clientState: {} },
      [annId]: { clientState: {}, clientName: 'ann', clientType: 'layout' },
      [topicId]: { clientState: {}, clientType: 'multiplex' },
      [b.id]: { clientState: {} },
    });
    await a.next();
    topic.say('uns,r1');
    expect(await a.next()).toEqual({ type: 3, removeClients: [topicId] });
    await ann.close();
    expect(await a.next()).toEqual({ type: 3, removeClients: [annId] });
    expect([await b.next(), await b.next()]).toMatchObject([
      { removeClients: [topicId] },
      { removeClients: [annId] },
    ]);
    await expectQuiet(a, b);
  });

  it('tells a new name as one that went and one that came', async () => {
    const a = await onWss('r1');
    const ann = await onLayout('r1', 'ann');
    const [id = ''] = Object.keys(((await a.next()) as Notice).addClients ?? {});
    await ann.ask('JOIN', { room: 'r1', name: 'anna' });
    expect(await a.next()).toEqual({ type: 3, removeClients: [id] });
    expect(await a.next()).toMatchObject({ addClients: { [id]: { clientName: 'anna' } } });
    await expectQuiet(a);
  });

  it('shows clients of /wss to the others, but for those that may only read', async () => {
    const ann = await onLayout('r1', 'ann', { presence: true });
    await ann.fence();
    const reader = await onWss('r1', { clientName: 'ghost', readonly: true });
    await reader.close();
    const hidden = await onWss('r1', { clientName: 'ghost', readonly: true });
    const b = await onWss('r1', { clientName: 'bob', clientType: 'web' });
    const info = { id: b.id, name: 'bob', info: { clientType: 'web' } };
    expect(await ann.next()).toEqual(['PRESENCE', { room: 'r1', joins: [info], leaves: [], count: 2 }]);
    ann.say('CLIENTS', { room: 'r1' });
    expect(await ann.next()).toEqual(['CLIENTS', { room: 'r1', clients: ['ann', 'bob'] }]);
    const carl = await onLayout('r1', 'carl', { presence: true });
    await carl.fence();
    const again = await carl.ask('JOIN', { room: 'r1', name: 'carl', presence: true });
    expect((again[2] as { members: { name: string }[] }).members.map(({ name }) => name)).toEqual([
      'ann',
      'bob',
      'carl',
    ]);
    await ann.fence();
    await carl.fence();
    await b.close();
    const gone = { ...info, cause: 'closed' };
    expect(await ann.next()).toEqual(['PRESENCE', { room: 'r1', joins: [], leaves: [gone], count: 2 }]);
    await hidden.close();
    await expectQuiet(ann);
  });

  it('says nothing of messages to /wss, and nothing of state to the others', async () => {
    const a = await onWss('r1');
    const ann = await onLayout('r1', 'ann', { presence: true });
    const topic = await onTopics();
    topic.say('sub,r1');
    await topic.fence();
    await a.fence();
    await ann.fence();
    ann.say('NOTIFY', { room: 'r1', message: 'hi' });
    expect(await topic.next()).toBe('msg,r1,hi');
    await expectQuiet(a);
    a.say({
      type: 2,
      roomChanges: [{ key: 'k', value: 'v' }],
      clientChanges: [{ key: 'x', value: '1' }],
    });
    await server.roomplex.change('r1', [{ key: 'l', value: 'w' }]);
    await expectQuiet(ann, topic);
  });

  it('ejects and closes through every door', async () => {
    const a = await onWss('r1');
    const ann = await onLayout('r1', 'ann');
    const [annId = ''] = Object.keys(((await a.next()) as Notice).addClients ?? {});
    const topic = await onTopics();
    topic.say('sub,r1');
    await a.next();
    expect(server.roomplex.eject('r1', annId)).toBe(true);
    expect(await a.next()).toEqual({ type: 3, removeClients: [annId] });
    expect(server.roomplex.closeRoom('r1', 'bye')).toBe(2);
    expect(await a.next()).toEqual({ type: 6, msg: 'bye' });
    expect(await topic.next()).toBe('uns,r1');
    await a.expectEnd(4002, 'bye');
    await expectQuiet(ann, topic);
  });

  it('keeps state while somebody is in through another door', async () => {
    server = await start({ hooks: ECHO_ACTION, roomGraceMs: 0 });
    const ann = await onLayout('r1', 'ann');
    const a = await onWss('r1');
    a.say({ type: 2, roomChanges: [{ key: 'k', value: 'v' }] });
    await a.fence();
    await a.close();
    expect((await onWss('r1')).success.roomState).toEqual({ k: 'v' });
    await ann.close();
  });
});

/** Replays notices onto the answer to a hello, in the order that S5 §3.4 gives. */
class Replica {
  readonly room: Map<string, string>;
  readonly clients: Map<string, object>;

  constructor(client: Entered) {
    this.room = new Map(Object.entries(client.success.roomState));
    this.clients = new Map(Object.entries(client.success.clients));
  }

  apply(notice: Notice & { readonly roomChanges?: readonly { key: string; value?: string }[] }): void {
    for (const { key, value } of notice.roomChanges ?? []) {
      if (value === undefined) this.room.delete(key);
      else this.room.set(key, value);
    }
    for (const id of notice.removeClients ?? []) expect(this.clients.delete(id)).toBe(true);
    for (const [id, info] of Object.entries(notice.addClients ?? {})) {
      expect(this.clients.has(id)).toBe(false);
      this.clients.set(id, info);
    }
  }
}

const SEED = Number(process.env['ROOMPLEX_FUZZ_SEED'] ?? 20_261_121);

describe(`seed ${SEED}: a crowd that comes and goes through three doors`, () => {
  it('is at all times what each client makes of its hello and what it was told since', async () => {
    const random = new SeededRandom(SEED);
    const watchers: { client: Entered; replica: Replica }[] = [];
    const others: { close(): Promise<void> }[] = [];
    for (let step = 0; step < 300; step++) {
      const watcher = watchers.length > 0 ? random.pick(watchers) : undefined;
      switch (random.below(7)) {
        case 0: {
          const client = await onWss('crowd', { clientName: `w${step}`, readonly: random.below(3) === 0 });
          watchers.push({ client, replica: new Replica(client) });
          break;
        }
        case 1:
          others.push(await onLayout('crowd', `l${step}`));
          break;
        case 2: {
          const topic = await onTopics();
          topic.say('sub,crowd');
          others.push(topic);
          break;
        }
        case 3:
          await others.splice(random.below(others.length + 1), 1)[0]?.close();
          break;
        case 4:
          if (watchers.length > 4) await watchers.splice(random.below(watchers.length), 1)[0]?.client.close();
          break;
        default:
          if (watcher === undefined || watcher.client.success.readonly) break;
          watcher.client.say({
            type: 2,
            echo: true,
            roomChanges: [
              random.below(3) === 0
                ? { key: `k${random.below(5)}` }
                : { key: `k${random.below(5)}`, value: String(step) },
            ],
          });
      }
    }
    for (let round = 0; round < 2; round++) {
      for (const { client, replica } of watchers) {
        for (const notice of await client.fence()) replica.apply(notice as Notice);
      }
    }
    const late = new Replica(await onWss('crowd', { readonly: true }));
    expect(watchers.length).toBeGreaterThan(2);
    for (const { replica } of watchers) {
      expect(Object.fromEntries(replica.room)).toEqual(Object.fromEntries(late.room));
      expect([...replica.clients.keys()].toSorted()).toEqual([...late.clients.keys()].toSorted());
    }
  });
});

describe.each(ENGINES)('the state of a room, with $engine', ({ options }) => {
  beforeEach(async () => {
    server = await start(options());
  });

  async function follower(name: string): Promise<RoomsClient> {
    const { client } = await enterRoom(await openRawLine(server.ws('/layout')), { state: true, name });
    return client;
  }

  it('is the same for /layout and /wss, where values show as texts', async () => {
    const guest = await onWss('r1');
    const ann = await follower('ann');
    await guest.next();
    guest.say({ type: 2, roomChanges: [{ key: 'a', value: 'from wss' }] });
    expect((await ann.next())[1]).toMatchObject({
      entries: [{ key: 'a', value: 'from wss' }],
      by: guest.id,
      rev: 1,
    });
    await ann.call('SET', { room: 'r1', entries: [{ key: 'b', value: { n: 1 } }, { key: 'a' }] });
    expect(await guest.next()).toMatchObject({ roomChanges: [{ key: 'b', value: '{"n":1}' }, { key: 'a' }] });
    const late = await onWss('r1');
    expect(late.success.roomState).toEqual({ b: '{"n":1}' });
    const line = await openRawLine(server.ws('/layout'));
    const { answer } = await enterRoom(line, { state: true, name: 'bob' });
    expect(answer.state).toEqual([{ key: 'b', value: { n: 1 }, rev: 2 }]);
  });
});

describe('a member of another door that comes back', () => {
  it('was never gone for clients of /wss', async () => {
    server = await start({ memberGraceMs: 60_000 });
    const enter = async (): ReturnType<typeof enterRoom> =>
      enterRoom(await openRawLine(server.ws('/layout')), { memberKey: 'sixteen chars at least' });
    const { client } = await enter();
    const guest = await onWss('r1');
    await client.close();
    const again = await enter();
    await again.client.call('SET', { room: 'r1', entries: [{ key: 'k', value: 'v' }] });
    expect(await guest.next()).toMatchObject({ type: 3, roomChanges: [{ key: 'k', value: 'v' }] });
  });
});
