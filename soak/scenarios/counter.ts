import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../audit/findings.ts';
import { RoomBooks } from '../audit/room-books.ts';
import { hastyClient, plainClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';
import { readRoom } from '../wire/read-room.ts';

const KEY = 'n';

/** How many count, how often each, and how often the server is killed meanwhile. */
interface Count {
  readonly room: string;
  readonly data: string | undefined;
  readonly clients: number;
  readonly each: number;
  readonly kills: number;
}

/** Everybody counts one number up at the same time, each by compare-and-set. */
export const counter: Scenario = {
  name: 'counter',
  about: 'many clients count one number up by compare-and-set: in memory, on disk, and on disk with kill -9',
  run: async (terms) => {
    const [clients, each] = terms.isBrief ? [10, 10] : [100, 100];
    const results = [
      await count(terms, { room: 'in memory', data: undefined, clients, each, kills: 0 }),
      await withFolder((data) => count(terms, { room: 'on disk', data, clients, each, kills: 0 })),
      await withFolder((data) =>
        count(terms, { room: 'killed', data, clients: 10, each: 20, kills: terms.isBrief ? 1 : 5 }),
      ),
    ];
    const findings = new Findings();
    for (const result of results) findings.include(result.findings);
    return { findings, notes: results.flatMap(({ notes }) => notes) };
  },
};

async function count(
  { random, progress, onCrash }: Terms,
  { room, data, clients, each, kills }: Count,
): Promise<Result> {
  const server = await ServerProcess.start({ ...(data !== undefined && { data }), onCrash });
  const books = new RoomBooks(room);
  // Who is in no haste has the better manners where many want the same.
  const connect = kills > 0 ? hastyClient : plainClient;
  const participants = Array.from({ length: clients }, (_, index) =>
    // Every tenth without our library.
    index % 10 === 9
      ? new RawParticipant(`raw-${index}`, server.port, books)
      : new LibraryParticipant(`client-${index}`, connect(server.port), books),
  );
  try {
    await Promise.all(participants.map((participant) => participant.join()));
    const start = performance.now();
    const all = Promise.all(
      participants.map(async (participant) => {
        for (let time = 0; time < each; time++) await participant.increment(KEY);
      }),
    );
    for (let kill = 0; kill < kills; kill++) {
      await delay(random.between(20, 200));
      await server.kill();
      await server.restart();
    }
    await all;
    const seconds = (performance.now() - start) / 1000;
    const end = await readRoom(server.port, books);
    const findings = books.audit(end, [], [KEY]);
    findings.add('restarts', server.starts - 1);
    const value = end.state.entries.find(({ key }) => key === KEY)?.value;
    const wanted = clients * each;
    // A change that nobody can tell of was made or not, but no count was asked for again.
    const unknown = books.changes.all.filter(({ outcome }) => outcome?.type === 'unknown').length;
    if (!(Number(value) <= wanted && Number(value) >= wanted - unknown)) {
      findings.fault(
        'wrong state',
        `${room}: counted to ${String(value)}, not ${wanted}, with ${unknown} unknown`,
      );
    }
    const note = `${room}: ${clients} clients counted to ${String(value)} of ${wanted} in ${seconds.toFixed(1)} s, ${unknown} unknown`;
    progress(note);
    return { findings, notes: [note] };
  } finally {
    await Promise.all(participants.map((participant) => participant.close()));
    await server.kill();
  }
}
