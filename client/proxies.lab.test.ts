import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { ENVIRONMENTS, missingFor, startEnvironment, type Description, type Way } from '../lab/index.ts';
import type { RoomplexServer } from '../server/roomplex-server.ts';
import { connect } from './node.ts';
import { createRoomplex } from './test/roomplex.ts';
import { Inbox } from './test/scripted-server.ts';
import { told } from './test/setup.ts';
import type { Client, ConnectOptions, Room, TransportName } from './types.ts';

const TRANSPORT: Record<Way, TransportName> = {
  websocket: 'websocket',
  stream: 'xhr-streaming',
  events: 'eventsource',
  poll: 'xhr-polling',
};

let server: RoomplexServer;
let port: number;
beforeAll(async () => {
  ({ server, port } = await createRoomplex());
});
afterAll(() => server.close());

/** One member of a room, and all that it heard. */
interface Voice {
  readonly client: Client;
  readonly room: Room;
  readonly heard: Inbox<unknown>;
  /** What it was told of others who came or went since it joined. */
  readonly presence: unknown[];
}

async function join(
  url: string,
  roomName: string,
  name: string,
  context: TestContext,
  options?: ConnectOptions,
) {
  const client = connect(`${url}/multiplex`, options);
  context.onTestFinished(() => client.close());
  const room = client.room(roomName, { name });
  const voice: Voice = { client, room, heard: new Inbox(), presence: [] };
  room.on('message', ({ data }) => voice.heard.put(data));
  await room.join();
  room.on('presence', (change) => voice.presence.push(change));
  return voice;
}

/** Everybody says `count` things at once, and hears all, in one order. */
async function talk(voices: readonly Voice[], count: number, about: string): Promise<void> {
  const said = voices.map((_, who) => Array.from({ length: count }, (__, i) => `${about} ${who} ${i}`));
  await Promise.all(voices.flatMap(({ room }, who) => said[who]?.map((text) => room.publish(text)) ?? []));
  const heard = await Promise.all(voices.map((voice) => voice.heard.take(count * voices.length)));
  for (const order of heard) expect(order).toEqual(heard[0]);
  for (const [who, texts] of said.entries()) {
    expect(heard[0]?.filter((text) => String(text).startsWith(`${about} ${who} `))).toEqual(texts);
  }
}

async function uses(client: Client, transport: TransportName): Promise<void> {
  while (client.transport !== transport) await told((listener) => client.on('transport', listener));
}

/** Where there is one server, POST arrives, and the certificate is not one that only a browser can be made to accept. */
const PASSABLE = ENVIRONMENTS.filter(
  ({ nodes, carriesPost, name }) =>
    nodes === 1 && carriesPost && !name.endsWith('https') && name !== 'switchable',
);

/** What they come to use; `undefined` where chance decides. */
function transportIn({ works, findings, program }: Description): TransportName | undefined {
  if (findings.includes('lines-cut') || findings.includes('lossy')) return undefined;
  // A stream that is cut goes on in the next response.
  if (findings.includes('responses-cut')) return 'xhr-streaming';
  const [best = 'poll'] = works;
  // The server asks nginx not to collect what it streams.
  return program === 'nginx' && best === 'poll' ? 'xhr-streaming' : TRANSPORT[best];
}

describe.concurrent('two clients talk, in one order and each word once,', () => {
  it.for(PASSABLE)('where this is in the way: $name', { timeout: 60_000 }, async (description, context) => {
    const missing = missingFor(description);
    if (missing !== undefined) return context.skip(missing);
    const environment = await startEnvironment(description.name, { originPort: port });
    context.onTestFinished(() => environment.stop());
    const { proxy = null } = environment;
    const voices = await Promise.all(
      ['ann', 'bob'].map((name) => join(environment.url, description.name, name, context, { proxy })),
    );
    await talk(voices, 10, 'early');
    const expected = transportIn(description);
    if (expected !== undefined) await Promise.all(voices.map(({ client }) => uses(client, expected)));
    await talk(voices, 10, 'late');
    const leaves = voices.flatMap(({ presence }) => presence).filter((change) => hasLeaves(change));
    expect(leaves).toEqual([]);
  });
});

function hasLeaves(change: unknown): boolean {
  return (change as { readonly leaves: readonly unknown[] }).leaves.length > 0;
}

describe.concurrent('when the network changes under a connection,', () => {
  async function setUp(context: TestContext, options: ConnectOptions) {
    const environment = await startEnvironment('switchable', { originPort: port });
    context.onTestFinished(() => environment.stop());
    const roomName = `changing ${context.task.name}`;
    const ann = await join(environment.url, roomName, 'ann', context, options);
    const bob = await join(`http://127.0.0.1:${port}`, roomName, 'bob', context);
    if (environment.change === undefined) throw new Error('it cannot be changed');
    return { change: environment.change, ann, bob };
  }

  it('the talk goes on where WebSockets are killed and refused, and goes back to them', async (context) => {
    const { change, ann, bob } = await setUp(context, { reprobeMs: 300 });
    expect(ann.client.transport).toBe('websocket');
    const talking = talk([ann, bob], 200, 'during');
    change('kill-websockets');
    await talking;
    await uses(ann.client, 'xhr-streaming');
    expect(ann.client.findings[0]).toMatchObject({
      transport: 'websocket',
      verdict: expect.stringMatching(/^(?:cut|failed)$/),
    });
    change('clean');
    const back = uses(ann.client, 'websocket');
    for (let i = 0; ann.client.transport !== 'websocket'; i++) await talk([ann, bob], 5, `way back ${i}`);
    await back;
    await talk([ann, bob], 5, 'after');
    expect([ann.presence.filter(hasLeaves), bob.presence]).toEqual([[], []]);
  });

  it('a line that died without a word is noticed and left', async (context) => {
    const { change, ann, bob } = await setUp(context, { heartbeatMs: 300 });
    change('silence-open');
    const lost = told((listener) => ann.client.on('transport', listener));
    const saying = bob.room.publish('said meanwhile');
    expect(await lost).toBeNull();
    await saying;
    expect(await ann.heard.next()).toBe('said meanwhile');
    await bob.heard.next();
    await talk([ann, bob], 5, 'after');
    expect(bob.presence).toEqual([]);
  });

  it('nothing is lost where all is silent for a while', async (context) => {
    const { change, ann, bob } = await setUp(context, { heartbeatMs: 300 });
    change('silence-all');
    const saying = ann.room.publish('from the dark');
    expect(await told((listener) => ann.client.on('transport', listener))).toBeNull();
    await bob.room.publish('to the dark');
    change('clean');
    ann.client.reconnect();
    await saying;
    expect(await bob.heard.take(2)).toEqual(await ann.heard.take(2));
    expect(bob.presence).toEqual([]);
  });
});
