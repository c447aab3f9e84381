import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../audit/findings.ts';
import { RoomBooks } from '../audit/room-books.ts';
import { Busy, COUNTERS } from '../participants/busy.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import type { Participant } from '../participants/participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import type { SeededRandom } from '../random.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { ServerProcess, type ServerOptions } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';
import { readRoom } from '../wire/read-room.ts';

/** Nothing is thrown away, so that at the end everything can be looked for. */
const KEEP_ALL = ['history', 'historyBytes', 'historySeconds'].flatMap((name) => ['--limit', `${name}=0`]);
const PATIENCE_MS = 30_000;

/** `kill -9` under load: what was accepted is there afterwards, and everybody has seen it. */
export const kill: Scenario = {
  name: 'kill',
  about: 'kill -9 at any moment while clients talk, count and set keys; then start again on the same store',
  run: (terms) => withFolder((data) => run(terms, { data })),
};

/** Would anybody notice? */
export const alarm: Scenario = {
  name: 'alarm',
  about: 'the same with a server that keeps nothing, of which the audit must complain',
  run: async (terms) => {
    const { findings } = await run({ ...terms, rounds: 1 }, {});
    const noticed = new Findings();
    for (const kind of ['wrong epoch', 'wrong gap', 'wrong state'] as const) {
      if (findings.countFaults(kind) === 0)
        noticed.fault(kind, 'a server that keeps nothing passed for one that does');
    }
    return { findings: noticed, notes: [`${findings.faults.length} faults were noticed, as they must be`] };
  },
};

async function run(terms: Terms, store: Pick<ServerOptions, 'data'>): Promise<Result> {
  const { random, isBrief, rounds = isBrief ? 4 : 30, progress } = terms;
  const server = await ServerProcess.start({ ...store, args: KEEP_ALL });
  const findings = new Findings();
  const restarts: number[] = [];
  const rooms = ['one', 'two', 'three'].map((name) => new RoomBooks(name));
  const participants = rooms.flatMap((books) => crowd(books, server.port));
  try {
    await Promise.all(participants.map((participant) => participant.join()));
    const busy = new Busy(isBrief ? 15 : 10);
    for (const participant of participants) busy.start(participant, random.fork(), 2);
    for (let round = 1; round <= rounds; round++) {
      await moment(random, rooms);
      await server.kill();
      if (random.chance(0.25)) await killWhileStarting(server, random);
      const ms = await server.restart();
      restarts.push(ms);
      progress(`round ${round} of ${rounds}: it listened after ${ms.toFixed(0)} ms`);
    }
    await delay(random.between(100, 500));
    if (!(await busy.stop(PATIENCE_MS))) progress('not everybody was told what became of the last messages');
    for (const books of rooms) {
      await sayLast(books, participants);
      findings.include(books.audit(await readRoom(server.port, books), [], COUNTERS));
    }
    findings.add('restarts', server.kills);
    return { findings, notes: [`restart: median ${median(restarts)} ms, longest ${longest(restarts)} ms`] };
  } finally {
    await Promise.all(participants.map((participant) => participant.close()));
    await server.kill();
  }
}

function crowd(books: RoomBooks, port: number): Participant[] {
  const { room } = books;
  return [
    new LibraryParticipant(`${room}-ann`, port, books),
    new LibraryParticipant(`${room}-bob`, port, books),
    new LibraryParticipant(`${room}-cat`, port, books),
    new RawParticipant(`${room}-raw`, port, books),
    new RawParticipant(`${room}-twice`, port, books, { isInsistent: true }),
    new RawParticipant(`${room}-once`, port, books, { isForgetful: true }),
  ];
}

/** Any moment, or the very one in which somebody is told that a message is safe. */
async function moment(random: SeededRandom, rooms: readonly RoomBooks[]): Promise<void> {
  await delay(random.between(100, 1000));
  if (random.chance(0.5)) await random.pick(rooms).claims.nextAcceptance();
}

/** It may be killed again before it listens. */
async function killWhileStarting(server: ServerProcess, random: SeededRandom): Promise<void> {
  const start = server.restart();
  await Promise.race([start, delay(random.between(50, 400))]);
  await server.kill();
  await start.catch(() => undefined);
}

/** What follows everything else; whoever has seen it has seen all there is. */
async function sayLast(
  { claims, room, testimonies }: RoomBooks,
  participants: readonly Participant[],
): Promise<void> {
  const speaker = participants.find(({ testimony }) => testimonies.includes(testimony));
  const id = `the last of ${room}`;
  await speaker?.say(id, '');
  const offset = claims.offsetOf(id);
  if (offset === undefined) return;
  await Promise.all(testimonies.map((testimony) => testimony.reaches(offset, PATIENCE_MS)));
}

function median(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[sorted.length >> 1] ?? Number.NaN).toFixed(0);
}

function longest(numbers: readonly number[]): string {
  return Math.max(...numbers).toFixed(0);
}
