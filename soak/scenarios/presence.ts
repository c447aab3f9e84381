import { setTimeout as delay } from 'node:timers/promises';
import type { TransportName } from '../../client/types.ts';
import type { JoinAnswer, PresenceDiff } from '../../protocol/rooms.ts';
import { auditPresence, type PresenceTold } from '../audit/presence-audit.ts';
import { RoomBooks } from '../audit/room-books.ts';
import { BadLine } from '../chaos/bad-line.ts';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import type { SeededRandom } from '../random.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { RawLine } from '../wire/raw-line.ts';
import { readRoom } from '../wire/read-room.ts';

const ROOM = 'presence';
/** How long a member may be away before others are told, and how long it takes to notice a poll that does not come. */
const GRACE_MS = 10_000;
const POLL_GRACE_MS = 5_000;
const SHORT_MS = 3_000;
const PATIENCE_MS = 20_000;

interface Traveller {
  readonly name: string;
  readonly mayFallBack: boolean;
  readonly line: BadLine;
  readonly participant: LibraryParticipant;
  /** When it is away for long, it is away for so many ms. */
  readonly longMs: number;
}

/** Short cuts that nobody is to notice, and long ones that everybody is to be told of, once. */
export const presence: Scenario = {
  name: 'presence',
  about:
    'cuts of up to 3 seconds, of which nobody sees a leave or a join, and longer ones, of which everybody sees one',
  isQuiet: true,
  run,
};

async function run({ random, isBrief, rounds = isBrief ? 1 : 5, progress, onCrash }: Terms): Promise<Result> {
  const server = await ServerProcess.start({ onCrash });
  const books = new RoomBooks(ROOM);
  const travellers: Traveller[] = [];
  const told = new Map<string, PresenceTold[]>();
  let cuts = 0;
  try {
    const ways: TransportName[][] = [
      ['websocket'],
      ['xhr-streaming'],
      ['xhr-polling'],
      ['websocket', 'xhr-streaming'],
    ];
    for (const way of ways) {
      travellers.push(await embark(`short over ${way.join(' or ')}`, way, server.port, books));
    }
    const longWays = isBrief ? ways.slice(0, 1) : ways.slice(0, 3);
    for (const way of longWays)
      travellers.push(await embark(`long over ${way.join()}`, way, server.port, books));
    const observer = await observe(server.port, told, travellers.length + 1);
    watch(travellers, told);
    for (let round = 1; round <= rounds; round++) {
      await Promise.all(travellers.map((traveller) => travel(traveller, random.fork())));
      await Promise.all(
        travellers.map(({ participant }) => participant.say(`${participant.name} ${round}`, '')),
      );
      progress(`round ${round} of ${rounds}`);
    }
    cuts = travellers.reduce((sum, { line }) => sum + line.cuts, 0);
    observer.cut();
    const expected = new Map(
      travellers
        .filter(({ longMs }) => longMs > 0)
        .map(({ name }) => [name, Array.from({ length: rounds }, () => ['leave', 'join'] as const).flat()]),
    );
    const findings = auditPresence({ room: ROOM, told, expected });
    findings.include(books.audit(await readRoom(server.port, books), [], []));
    findings.add('cuts', cuts);
    return { findings, notes: [] };
  } finally {
    await Promise.all(travellers.map(({ participant }) => participant.close()));
    await Promise.all(travellers.map(({ line }) => line.close()));
    await server.kill();
  }
}

async function embark(
  name: string,
  way: TransportName[],
  port: number,
  books: RoomBooks,
): Promise<Traveller> {
  const line = await BadLine.open(port);
  const participant = new LibraryParticipant(name, hastyClient(line.port, ...way), books);
  await participant.join();
  const graceMs = way.includes('websocket') ? GRACE_MS : GRACE_MS + POLL_GRACE_MS;
  return {
    name,
    mayFallBack: way.length > 1,
    line,
    participant,
    longMs: name.startsWith('long') ? graceMs + 2_000 : 0,
  };
}

/** Is cut off for a while, and comes back. */
async function travel(
  { line, participant, longMs, mayFallBack }: Traveller,
  random: SeededRandom,
): Promise<void> {
  await delay(random.between(0, 1000));
  for (let trip = 0; trip < 3; trip++) {
    line.refusesWebSocket = mayFallBack && random.chance(0.5);
    line.isDown = true;
    line.cut(random.pick(['end', 'reset']));
    await delay(longMs > 0 && trip === 0 ? longMs : random.between(0, SHORT_MS));
    line.isDown = false;
    await isBack(participant);
    if (longMs > 0) return;
  }
}

async function isBack({ name, room, client }: LibraryParticipant): Promise<void> {
  client.reconnect();
  const end = performance.now() + PATIENCE_MS;
  while (!room.isJoined) {
    if (performance.now() > end) throw new Error(`${name} did not come back within ${PATIENCE_MS} ms`);
    await delay(10);
  }
}

/** Somebody who knows only the wire. Resolves when it sees `count` members. */
async function observe(port: number, told: Map<string, PresenceTold[]>, count: number): Promise<RawLine> {
  const events: PresenceTold[] = [];
  told.set('the raw observer', events);
  const line = await RawLine.open(port, (event, body) => {
    if (event !== 'PRESENCE') return;
    const { leaves, joins } = body as PresenceDiff;
    for (const { name } of leaves) events.push({ type: 'leave', name });
    for (const { name } of joins) if (name !== 'observer') events.push({ type: 'join', name });
  });
  const answer = (await line.request('JOIN', { room: ROOM, name: 'observer', presence: true })) as JoinAnswer;
  if (answer.count !== count) throw new Error(`${answer.count} of ${count} are there`);
  return line;
}

/** The travellers watch each other, with the library's eyes, as long as they are there all the time. */
function watch(travellers: readonly Traveller[], told: Map<string, PresenceTold[]>): void {
  for (const { name, participant, longMs } of travellers) {
    if (longMs > 0) continue;
    const events: PresenceTold[] = [];
    told.set(name, events);
    participant.room.on('presence', ({ leaves, joins }) => {
      for (const leave of leaves) events.push({ type: 'leave', name: leave.name });
      for (const join of joins) if (join.name !== 'observer') events.push({ type: 'join', name: join.name });
    });
  }
}
