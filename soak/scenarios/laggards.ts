import { setTimeout as delay } from 'node:timers/promises';
import type { TransportName } from '../../client/types.ts';
import { BadLine } from '../chaos/bad-line.ts';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { Stage } from '../stage.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';

const TRANSPORTS: readonly TransportName[] = ['websocket', 'xhr-streaming', 'xhr-polling'];
/** Messages that are kept, and bytes of each: more than a line that is not read can hold. */
const HISTORY = 100;
const FILL = 'w'.repeat(100_000);

/** Readers that read nothing for a while, so that what they are owed piles up, and history goes on without them. */
export const laggards: Scenario = {
  name: 'laggards',
  about:
    'large messages to readers whose lines stand still at times, until history has not all that they missed',
  run: (terms) => withFolder((data) => run(terms, data)),
};

async function run(terms: Terms, data: string): Promise<Result> {
  const { random, isBrief, rounds = isBrief ? 3 : 20, progress, onCrash } = terms;
  const server = await ServerProcess.start({ data, args: ['--limit', `history=${HISTORY}`], onCrash });
  const { port } = server;
  const lines = await Promise.all([...TRANSPORTS, 'raw'].map(() => BadLine.open(port)));
  const stage = new Stage(port, 'laggards', (books) => [
    new RawParticipant('speaker', port, books),
    ...lines.map((line, index) => {
      const transport = TRANSPORTS[index];
      if (transport === undefined) return new RawParticipant('raw', line.port, books);
      return new LibraryParticipant(transport, hastyClient(line.port, transport), books);
    }),
  ]);
  try {
    await stage.open(random.fork(), { gapMs: 200, lines: 1 });
    for (let round = 1; round <= rounds; round++) {
      for (const line of lines) if (random.chance(0.6)) line.hold();
      const words = Array.from({ length: random.between(20, 200) }, (_, number) => `${round}.${number}`);
      await Promise.all(words.map((id) => stage.speaker.say(id, FILL)));
      for (const line of lines) {
        if (random.chance(0.2)) line.cut(random.pick(['end', 'reset']));
        if (random.chance(0.7)) line.release();
      }
      await delay(random.between(0, 500));
      progress(`round ${round} of ${rounds}`);
    }
    for (const line of lines) line.release();
    const findings = await stage.end(['trimmed']);
    findings.add(
      'cuts',
      lines.reduce((sum, { cuts }) => sum + cuts, 0),
    );
    return { findings, notes: [] };
  } finally {
    await stage.close();
    await Promise.all(lines.map((line) => line.close()));
    await server.kill();
  }
}
