import { setTimeout as delay } from 'node:timers/promises';
import type { TransportName } from '../../client/types.ts';
import { BadLine, isAnswer, type Fate } from '../chaos/bad-line.ts';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import type { SeededRandom } from '../random.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { Stage } from '../stage.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';

/** Messages. */
const SHORT = 20;
const FALLBACKS: readonly TransportName[] = ['websocket', 'xhr-streaming', 'xhr-polling'];

/** How a participant reaches the server. */
const WAYS: readonly (readonly TransportName[])[] = [
  ['websocket'],
  ['xhr-streaming'],
  ['xhr-polling'],
  // Over whatever gets through, which changes all the time.
  FALLBACKS,
  FALLBACKS,
];

/** Networks that cut lines at random, lose answers, and let WebSocket through only now and then. */
export const cuts: Scenario = {
  name: 'cuts',
  about:
    'lines cut at random bytes, answers lost, WebSocket refused at times, over three transports and from one to another',
  run: (terms) => withFolder((data) => run(terms, data, { room: 'patient', args: [], mayMiss: [] })),
};

/** The same where history is so short that not everything can be made up for. */
export const shortHistory: Scenario = {
  name: 'short-history',
  about: 'the same where history is short, so that gaps have to be told',
  run: (terms) =>
    withFolder((data) =>
      run(terms, data, { room: 'hasty', args: ['--limit', `history=${SHORT}`], mayMiss: ['trimmed'] }),
    ),
};

interface Setting {
  readonly room: string;
  readonly args: readonly string[];
  readonly mayMiss: readonly string[];
}

async function run(terms: Terms, data: string, { room, args, mayMiss }: Setting): Promise<Result> {
  const { random, isBrief, rounds = isBrief ? 4 : 60, progress, onCrash } = terms;
  const server = await ServerProcess.start({ data, args, onCrash });
  const { port } = server;
  const lines = await Promise.all(WAYS.map(() => BadLine.open(port)));
  const transports = new Set<string>();
  const stage = new Stage(port, room, (books) => [
    new RawParticipant('bystander', port, books),
    ...lines.map((line, index) => {
      const traveller = new LibraryParticipant(
        `traveller ${index}`,
        hastyClient(line.port, ...(WAYS[index] ?? [])),
        books,
      );
      traveller.client.on('transport', (transport) => transport !== null && transports.add(transport));
      return traveller;
    }),
  ]);
  try {
    await stage.open(random.fork(), { gapMs: 15, lines: 2 });
    for (const line of lines) line.fate = loseAnswers(random.fork());
    for (let round = 1; round <= rounds; round++) {
      for (const line of lines) disturb(line, random);
      await delay(random.between(300, 1000));
      progress(`round ${round} of ${rounds}: ${sumCuts(lines)} cuts`);
    }
    for (const line of lines) calm(line);
    if (mayMiss.length > 0) await missMuch(lines, stage);
    const findings = await stage.end(mayMiss);
    findings.add('cuts', sumCuts(lines));
    if (mayMiss.length > 0 && findings.count('gaps') === 0)
      findings.fault('wrong gap', 'nobody was told of any');
    return { findings, notes: [`transports: ${[...transports].join(', ')}`] };
  } finally {
    await stage.close();
    await Promise.all(lines.map((line) => line.close()));
    await server.kill();
  }
}

/** The first one is away for so long that history cannot have everything. */
async function missMuch([line]: readonly BadLine[], { books, speaker }: Stage): Promise<void> {
  if (line === undefined) return;
  line.isDown = true;
  line.cut('reset');
  for (let number = 0; number < 3 * SHORT; number++) await speaker.say(`${books.room} ${number}`, '');
  line.isDown = false;
}

function disturb(line: BadLine, random: SeededRandom): void {
  line.refusesWebSocket = random.chance(0.4);
  const [direction, style] = [random.pick(['up', 'down'] as const), random.pick(['end', 'reset'] as const)];
  if (random.chance(0.2)) line.cut(style);
  else line.cutAfter(random.between(1, 30_000), direction, style);
}

/** Something that the server has done, and of which the client does not hear. */
function loseAnswers(random: SeededRandom): BadLine['fate'] {
  return (direction, chunk): Fate => {
    const isLost = direction === 'down' && isAnswer(chunk) && random.chance(0.02);
    return isLost ? 'cut' : 'pass';
  };
}

function calm(line: BadLine): void {
  line.losesNothing();
  line.refusesWebSocket = false;
  line.cutAfter(Infinity, 'up', 'end');
}

function sumCuts(lines: readonly BadLine[]): number {
  return lines.reduce((sum, line) => sum + line.cuts, 0);
}
