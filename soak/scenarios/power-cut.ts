import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PowerCut } from '../chaos/power-cut.ts';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { Stage } from '../stage.ts';
import { KEEP_ALL } from '../subject/keep-all.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';

/** What a process has written survives `kill -9` in the system's memory; this is about what survives that. */
export const powerCut: Scenario = {
  name: 'power-cut',
  about: 'kill -9, and everything that was not flushed to the disk is taken back, or any pages of it',
  run: (terms) => withFolder((folder) => run(terms, folder)),
};

async function run(terms: Terms, folder: string): Promise<Result> {
  const { random, isBrief, rounds = isBrief ? 3 : 30, progress, onCrash } = terms;
  const data = join(folder, 'data');
  await mkdir(data);
  const power = await PowerCut.build(data, folder);
  const server = await ServerProcess.start({ data, args: KEEP_ALL, env: power.env, onCrash });
  const { port } = server;
  const stage = new Stage(port, 'power', (books) => [
    new RawParticipant('raw', port, books),
    new RawParticipant('insistent', port, books, { isInsistent: true }),
    new LibraryParticipant('ann', hastyClient(port), books),
    new LibraryParticipant('bob', hastyClient(port), books),
  ]);
  let pages = 0;
  try {
    await stage.open(random.fork(), { gapMs: 5, lines: 3 });
    for (let round = 1; round <= rounds; round++) {
      await delay(random.between(50, 700));
      if (random.chance(0.5)) await stage.books.claims.nextAcceptance();
      await server.kill();
      const lost = await power.strike(random);
      pages += lost;
      await server.restart();
      progress(`round ${round} of ${rounds}: ${lost} pages were taken back`);
    }
    await delay(200);
    const findings = await stage.end();
    findings.add('restarts', server.starts - 1);
    return { findings, notes: [`${pages} pages that were written and not flushed were taken back`] };
  } finally {
    await stage.close();
    await server.kill();
  }
}
