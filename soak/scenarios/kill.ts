import { setTimeout as delay } from 'node:timers/promises';
import { Findings } from '../audit/findings.ts';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import type { Participant } from '../participants/participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import type { SeededRandom } from '../random.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { Stage } from '../stage.ts';
import { KEEP_ALL } from '../subject/keep-all.ts';
import { ServerProcess, type ServerOptions } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';

/** `kill -9` under load: what was accepted is there afterwards, and everybody has seen it. */
export const kill: Scenario = {
  name: 'kill',
  about: 'kill -9 at any moment while clients talk, count and set keys; then start again on the same store',
  run: (terms) => withFolder((data) => run(terms, { data })),
};

/** Would anybody notice? */
export const alarm: Scenario = {
  name: 'alarm',
  about: 'kill -9 on a server that keeps nothing, of which the audit must complain',
  run: async (terms) => {
    const { findings } = await run({ ...terms, rounds: 1 }, {});
    const noticed = new Findings();
    if (findings.faults.length === 0) {
      noticed.fault('lost', 'a server that keeps nothing passed for one that does');
    }
    return { findings: noticed, notes: [`${findings.faults.length} faults were noticed, as they must be`] };
  },
};

async function run(terms: Terms, store: Pick<ServerOptions, 'data'>): Promise<Result> {
  const { random, isBrief, rounds = isBrief ? 4 : 30, progress, onCrash } = terms;
  const server = await ServerProcess.start({ ...store, args: KEEP_ALL, onCrash });
  const { port } = server;
  const restarts: number[] = [];
  const stages = Array.from({ length: isBrief ? 3 : 20 }, (_, number) => {
    return new Stage(port, `room ${number}`, (books) => crowd(port, books));
  });
  try {
    await Promise.all(
      stages.map((stage) => stage.open(random.fork(), { gapMs: isBrief ? 15 : 60, lines: 2 })),
    );
    for (let round = 1; round <= rounds; round++) {
      await moment(random, stages);
      // Now and then in good order, which must not be any worse.
      if (random.chance(0.1)) await server.stop();
      else await server.kill();
      if (random.chance(0.25)) await killWhileStarting(server, random);
      const ms = await server.restart();
      restarts.push(ms);
      progress(`round ${round} of ${rounds}: it listened after ${ms.toFixed(0)} ms`);
    }
    await delay(random.between(100, 500));
    const findings = new Findings();
    for (const audited of await Promise.all(stages.map((stage) => stage.end()))) findings.include(audited);
    findings.add('restarts', server.starts - 1);
    return { findings, notes: [`restart: median ${median(restarts)} ms, longest ${longest(restarts)} ms`] };
  } finally {
    await Promise.all(stages.map((stage) => stage.close()));
    await server.kill();
  }
}

function crowd(port: number, books: Stage['books']): Participant[] {
  return [
    new LibraryParticipant('ann', hastyClient(port), books),
    new LibraryParticipant('bob', hastyClient(port), books),
    new LibraryParticipant('cat', hastyClient(port, 'xhr-streaming'), books),
    new RawParticipant('raw', port, books),
    new RawParticipant('insistent', port, books, { isInsistent: true }),
    new RawParticipant('forgetful', port, books, { isForgetful: true }),
  ];
}

/** Any moment, or the very one in which somebody is told that a message is safe. */
async function moment(random: SeededRandom, stages: readonly Stage[]): Promise<void> {
  await delay(random.between(100, 1000));
  if (random.chance(0.5)) await random.pick(stages).books.claims.nextAcceptance();
}

/** It may be killed again before it listens. */
async function killWhileStarting(server: ServerProcess, random: SeededRandom): Promise<void> {
  const start = server.restart();
  await Promise.race([start, delay(random.between(50, 400))]);
  await server.kill();
  await start.catch(() => undefined);
}

function median(numbers: readonly number[]): string {
  const sorted = numbers.toSorted((a, b) => a - b);
  return (sorted[sorted.length >> 1] ?? Number.NaN).toFixed(0);
}

function longest(numbers: readonly number[]): string {
  return Math.max(...numbers).toFixed(0);
}
