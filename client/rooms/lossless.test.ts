import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createClient } from '../client.ts';
import { FaultyRoom, type Fault } from '../test/faulty-room.ts';
import { codeOf } from '../test/joined.ts';
import { ScriptedServer } from '../test/scripted-server.ts';
import { eagerEnvironment } from '../test/setup.ts';
import type { Position, Revision, Room, RoomGap, RoomMessage, StateEntry } from '../types.ts';

const FAULTS: readonly Fault[] = [
  'lose-answer',
  'lose-request',
  'end-channel',
  'double',
  'skip',
  'give-up',
  'answer-first',
];
const DEEDS = [
  'publish',
  'say',
  'set',
  'increment',
  'set-elsewhere',
  'turn',
  'cut',
  'trim',
  'restart',
] as const;

type Step = (typeof DEEDS)[number] | Fault;

/** Mostly publications, in between what goes wrong; `turn` gives everybody the time to get somewhere. */
const plans = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom<Step[]>('publish', 'increment') },
    { weight: 5, arbitrary: fc.constantFrom<Step[]>('turn', 'lose-answer') },
    { weight: 5, arbitrary: fc.constantFrom<Step[]>('say', 'set', 'set-elsewhere', 'cut') },
    { weight: 4, arbitrary: fc.constantFrom<Step[]>(...FAULTS, 'trim', 'restart') },
  ),
  { size: 'max', maxLength: 60 },
);

interface Outcome<T> {
  readonly asked: string;
  readonly end: { readonly resolved: T } | string;
}

async function outcomeOf<T>(asked: string, promise: Promise<T>): Promise<Outcome<T>> {
  return { asked, end: (await codeOf(promise)) as Outcome<T>['end'] };
}

async function turn(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** What one client tells while a plan is carried out, and what its promises end with. */
class Run {
  readonly truth = new FaultyRoom();
  readonly told: (RoomMessage | RoomGap)[] = [];
  /** The state as somebody has it who follows the events alone. */
  readonly mirror = new Map<string, StateEntry>();
  readonly published: Promise<Outcome<Position>>[] = [];
  readonly set: Promise<Outcome<Revision>>[] = [];
  readonly incremented: Promise<Outcome<Revision>>[] = [];
  readonly room: Room;
  #said = 0;

  constructor(room: Room) {
    this.room = room;
    room.on('message', (message) => this.told.push(message));
    room.on('gap', (gap) => this.told.push(gap));
    room.on('state', ({ entries }) => {
      for (const entry of entries) {
        if ('value' in entry) this.mirror.set(entry.key, entry);
        else this.mirror.delete(entry.key);
      }
    });
  }

  async take(step: Step): Promise<void> {
    const name = `${step} ${++this.#said}`;
    const { room, truth } = this;
    switch (step) {
      case 'publish':
        this.published.push(outcomeOf(name, room.publish(name)));
        return;
      case 'say':
        truth.say(name);
        return;
      case 'set':
        this.set.push(outcomeOf(name, room.state.set('k', name)));
        return;
      case 'increment':
        this.incremented.push(
          outcomeOf(
            name,
            room.state.update('n', (n) => Number(n ?? 0) + 1),
          ),
        );
        return;
      case 'set-elsewhere':
        truth.set('k', name);
        return;
      case 'turn':
        await turn();
        return;
      case 'cut':
        truth.cut();
        return;
      case 'trim':
        truth.trim(2);
        return;
      case 'restart':
        truth.restart();
        return;
      default:
        truth.give(step);
    }
  }

  /** Resolves when everything that was said has come, or will not. */
  async settle(): Promise<Position> {
    this.truth.calm();
    await Promise.all([...this.published, ...this.set, ...this.incremented]);
    for (;;) {
      const { end } = await outcomeOf('end', this.room.publish('end'));
      if (typeof end === 'string') continue;
      const { epoch, offset } = end.resolved;
      const isEnd = (event: RoomMessage | RoomGap): boolean =>
        'offset' in event && event.epoch === epoch && event.offset === offset;
      while (!this.told.some(isEnd)) await turn();
      return end.resolved;
    }
  }
}

/** What makes it impossible, or too late, to bring a message. */
const LOSSES: readonly Step[] = ['skip', 'give-up', 'trim', 'restart'];

/** Messages come in order, each once, as they were said; what does not come is told where it would have. */
function checkMessages({ told, truth }: Run, plan: readonly Step[], end: Position): void {
  if (!plan.some((step) => LOSSES.includes(step))) {
    expect(told.filter((event) => 'missing' in event)).toEqual([]);
  }
  let at: Position | null = { epoch: 'e0', offset: 0 };
  for (const event of told) {
    if ('missing' in event) {
      at = at === null || event.missing === null ? null : { ...at, offset: at.offset + event.missing };
      continue;
    }
    const { epoch, offset, data } = event;
    if (at !== null) expect({ epoch, offset }).toEqual({ epoch: at.epoch, offset: at.offset + 1 });
    expect(data).toBe(truth.lives[Number(epoch.slice(1))]?.log[offset - 1]?.message);
    at = { epoch, offset };
  }
  expect(at).toEqual(end);
}

/** Promises tell the truth, nothing is published twice, and all in the order in which it was asked for. */
function checkPublications({ truth }: Run, outcomes: readonly Outcome<Position>[]): void {
  const lives = truth.lives.map(({ log }) => log.map(({ message }) => message));
  const all = lives.flat().filter((message) => message !== 'end');
  expect(new Set(all).size).toBe(all.length);
  for (const { asked, end } of outcomes) {
    if (typeof end === 'string') expect(end).toBe('unknown-outcome');
    else expect(lives[Number(end.resolved.epoch.slice(1))]?.[end.resolved.offset - 1]).toBe(asked);
  }
  for (const log of lives) {
    const landed = outcomes.map(({ asked }) => log.indexOf(asked)).filter((index) => index >= 0);
    expect(landed).toEqual(landed.toSorted((a, b) => a - b));
  }
}

/** The state is seen as it is, by events too, and promises tell the truth about changes. */
function checkState(
  run: Run,
  set: readonly Outcome<Revision>[],
  incremented: readonly Outcome<Revision>[],
): void {
  const { room, truth, mirror } = run;
  const { state, rev, epoch } = truth.life;
  expect(room.state.revision).toEqual({ epoch, rev });
  expect(room.state.entries()).toEqual([...state.values()]);
  expect(mirror).toEqual(state);
  const sets = truth.lives.flatMap((life) => life.sets);
  for (const { asked, end } of set) {
    const times = sets.filter((value) => value === asked).length;
    if (typeof end === 'string') expect([end, times <= 1]).toEqual(['unknown-outcome', true]);
    else expect(times).toBe(1);
  }
  const increments = sets.filter((value) => typeof value === 'number').length;
  const certain = incremented.filter(({ end }) => typeof end !== 'string').length;
  expect(increments).toBeGreaterThanOrEqual(certain);
  expect(increments).toBeLessThanOrEqual(incremented.length);
  for (const { end } of incremented) if (typeof end === 'string') expect(end).toBe('unknown-outcome');
}

async function carryOut(plan: readonly Step[]): Promise<void> {
  const server = await ScriptedServer.start();
  const client = createClient(eagerEnvironment, server.url, { transports: ['websocket'] });
  try {
    const run = new Run(client.room('r'));
    void run.truth.serve(server);
    await run.room.join();
    for (const step of plan) await run.take(step);
    const end = await run.settle();
    checkMessages(run, plan, end);
    checkPublications(run, await Promise.all(run.published));
    checkState(run, await Promise.all(run.set), await Promise.all(run.incremented));
    expect(run.truth.memberKeys.size).toBe(1);
  } finally {
    await client.close();
    await server.close();
  }
}

describe('a room over a bad line to a bad server', () => {
  it('doubles, reorders and loses nothing unsaid, and keeps its promises', async () => {
    await fc.assert(fc.asyncProperty(plans, carryOut), { seed: 4, numRuns: 100 });
  });
});
