import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from './node.ts';
import { startCuttingProxy, type CuttingProxy } from './test/bad-proxy.ts';
import { codeOf } from './test/joined.ts';
import { randomFrom } from './test/random.ts';
import { startRoomplex } from './test/roomplex.ts';
import { hurriedEnvironment, startClient } from './test/setup.ts';
import type { Limits } from '../server/limits.ts';
import type { Position, Room, RoomGap, RoomMessage, TransportName } from './types.ts';

const ROUNDS = 15;
const BURST = 3;

type Told = RoomMessage | RoomGap;

/** What the listeners of a room are told, in order. */
function follow(room: Room): Told[] {
  const told: Told[] = [];
  room.on('message', (message) => told.push(message));
  room.on('gap', (gap) => told.push(gap));
  return told;
}

/** Resolves when this is heard. */
function hearing(told: Told[], room: Room, said: string): Promise<void> {
  return new Promise((resolve) => {
    if (told.some((event) => 'data' in event && event.data === said)) resolve();
    room.on('message', ({ data }) => {
      if (data === said) resolve();
    });
  });
}

interface Outcome {
  readonly said: string;
  /** What became of it: where it stands, or an error code. */
  readonly end: Promise<{ readonly resolved: Position } | string>;
}

function publish(room: Room, said: string): Outcome {
  return { said, end: codeOf(room.publish(said)) as Outcome['end'] };
}

interface Run {
  readonly watched: Told[];
  readonly told: Told[];
  /** Where the told begin. */
  readonly first: number;
  readonly last: number;
  readonly outcomes: readonly { readonly said: string; readonly end: Awaited<Outcome['end']> }[];
}

/** One client behind a proxy that cuts its lines, and one that sees everything; both say much. */
async function run(
  seed: number,
  transports: readonly TransportName[],
  options: {
    readonly lifeBytes?: (random: () => number) => number;
    readonly cutsPerRound?: number;
    readonly limits?: Partial<Limits>;
  },
): Promise<Run> {
  const random = randomFrom(seed);
  const { port, url } = await startRoomplex(undefined, options.limits ? { limits: options.limits } : {});
  const { lifeBytes } = options;
  const proxy: CuttingProxy = await startCuttingProxy(port, lifeBytes && (() => lifeBytes(random)));
  const watcher = connect(url);
  onTestFinished(() => watcher.close());
  const theirs = watcher.room('r', { name: 'watcher' });
  const watched = follow(theirs);
  await theirs.join();
  const client = startClient(
    `http://127.0.0.1:${proxy.port}/multiplex`,
    { transports, heartbeatMs: 0 },
    hurriedEnvironment,
  );
  const mine = client.room('r', { name: 'ann' });
  const told = follow(mine);
  await mine.join();
  const first = (mine.position?.offset ?? 0) + 1;

  const said: Outcome[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    for (let burst = 0; burst < BURST; burst++) said.push(publish(mine, `mine ${round}.${burst}`));
    if (random() < (options.cutsPerRound ?? 0)) proxy.cut();
    await theirs.publish(`theirs ${round}`);
    // Half of the time the client gets the chance to come back first.
    if (random() < 0.5) await said.at(-1)?.end;
  }
  proxy.calm();
  const outcomes = [];
  for (const { said: text, end } of said) outcomes.push({ said: text, end: await end });
  const { offset: last } = await mine.publish('end');
  await Promise.all([hearing(told, mine, 'end'), hearing(watched, theirs, 'end')]);
  return { watched, told, first, last, outcomes };
}

/** Nothing is doubled, reordered or lost unsaid, and promises tell the truth. */
function check({ watched, told, first, last, outcomes }: Run): void {
  let next = first;
  for (const event of told) {
    if ('missing' in event) next += event.missing ?? Number.NaN;
    else expect(event.offset).toBe(next++);
  }
  expect(next).toBe(last + 1);
  const truth = watched.filter((event) => 'data' in event);
  expect(truth).toHaveLength(watched.length);
  expect(new Set(truth.map(({ data }) => data)).size).toBe(truth.length);
  for (const event of told) {
    if (!('data' in event)) continue;
    expect({ ...event, replayed: false }).toEqual({ ...truth[event.offset - 1], replayed: false });
  }
  const offsets = [];
  for (const { said, end } of outcomes) {
    if (typeof end === 'string') {
      expect(end).toBe('unknown-outcome');
      continue;
    }
    expect(truth[end.resolved.offset - 1]).toMatchObject({ data: said, offset: end.resolved.offset });
    offsets.push(end.resolved.offset);
  }
  expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
}

const WAYS: readonly (readonly TransportName[])[] = [
  ['websocket'],
  ['xhr-streaming'],
  ['xhr-polling'],
  ['websocket', 'xhr-streaming', 'xhr-polling'],
];
const SEEDS = [1, 2];

describe.each(WAYS.map((transports) => ({ transports, name: transports.join(' and ') })))(
  'over $name',
  ({ transports }) => {
    it.each(SEEDS)('nothing is lost when all lines are cut now and then (seed %i)', async (seed) => {
      const result = await run(seed, transports, { cutsPerRound: 0.3 });
      check(result);
      expect(result.told.filter((event) => 'missing' in event)).toEqual([]);
      expect(result.outcomes.map(({ end }) => typeof end)).toEqual(result.outcomes.map(() => 'object'));
    });

    it.each(SEEDS)('nothing is lost when every line is cut at some byte (seed %i)', async (seed) => {
      const lifeBytes = (random: () => number): number => 300 + Math.floor(random() ** 2 * 6000);
      const result = await run(seed, transports, { lifeBytes });
      check(result);
      expect(result.told.filter((event) => 'missing' in event)).toEqual([]);
    });

    it.each(SEEDS)('what is lost is told when the history is short (seed %i)', async (seed) => {
      check(await run(seed, transports, { cutsPerRound: 0.5, limits: { history: 2 } }));
    });
  },
);
