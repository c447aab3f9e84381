import { setTimeout as delay } from 'node:timers/promises';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { Stage } from '../stage.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';

/** The machine of the server stands still for a while, as one does that is moved or starved; then it may be killed. */
export const stall: Scenario = {
  name: 'stall',
  about: 'the server stands still for up to 2 seconds (SIGSTOP), and is sometimes killed before it goes on',
  run: (terms) => withFolder((data) => run(terms, data)),
};

async function run(
  { random, isBrief, rounds = isBrief ? 3 : 20, progress, onCrash }: Terms,
  data: string,
): Promise<Result> {
  const server = await ServerProcess.start({ data, onCrash });
  const { port } = server;
  const stage = new Stage(port, 'stall', (books) => [
    new RawParticipant('raw', port, books),
    new LibraryParticipant('ann', hastyClient(port), books),
    new LibraryParticipant('bob', hastyClient(port, 'xhr-polling'), books),
  ]);
  try {
    await stage.open(random.fork(), { gapMs: 10, lines: 3 });
    for (let round = 1; round <= rounds; round++) {
      await delay(random.between(50, 300));
      server.signal('SIGSTOP');
      await delay(random.between(50, isBrief ? 500 : 2000));
      if (random.chance(0.3)) {
        await server.kill();
        await server.restart();
      } else {
        server.signal('SIGCONT');
      }
      progress(`round ${round} of ${rounds}`);
    }
    const findings = await stage.end();
    findings.add('restarts', server.starts - 1);
    return { findings, notes: [] };
  } finally {
    await stage.close();
    await server.kill();
  }
}
