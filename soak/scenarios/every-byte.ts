import { Findings } from '../audit/findings.ts';
import { RoomBooks } from '../audit/room-books.ts';
import type { TransportName } from '../../client/types.ts';
import { BadLine, type CutStyle, type Direction } from '../chaos/bad-line.ts';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import { inParallel } from '../in-parallel.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';
import { readRoom } from '../wire/read-room.ts';

const TRANSPORTS: readonly TransportName[] = ['websocket', 'xhr-streaming', 'xhr-polling'];
const DIRECTIONS: readonly Direction[] = ['up', 'down'];
const STYLES: readonly CutStyle[] = ['end', 'reset'];
/** Cuts of each kind in a brief run. */
const FEW = 20;
const AT_A_TIME = 6;
const PATIENCE_MS = 20_000;

/** Where one conversation is cut, once. */
interface Cut {
  readonly transport: TransportName;
  readonly direction: Direction;
  readonly style: CutStyle;
  readonly at: number;
}

/** The same short conversation again and again, cut after the first byte, after the second, and so on. */
export const everyByte: Scenario = {
  name: 'every-byte',
  about: 'one conversation over each transport, cut after every byte of it, in either direction',
  run: (terms) => withFolder((data) => run(terms, data)),
};

async function run({ isBrief, random, progress, onCrash }: Terms, data: string): Promise<Result> {
  const server = await ServerProcess.start({ data, onCrash });
  const findings = new Findings();
  const notes: string[] = [];
  // Every other byte in one way, the rest in the other; the next run may have it the other way round.
  const phase = random.between(0, 1);
  try {
    for (const transport of TRANSPORTS) {
      const length = await converse(server.port, `whole over ${transport}`, { transport }, findings);
      for (const direction of DIRECTIONS) {
        const bytes = length[direction];
        const step = isBrief ? Math.ceil(bytes / FEW) : 1;
        const cuts: Cut[] = [];
        // A brief run looks at other bytes every time.
        for (let at = random.between(1, step); at <= bytes; at += step) {
          cuts.push({ transport, direction, style: STYLES[(at + phase) % 2] ?? 'end', at });
        }
        await inParallel(AT_A_TIME, cuts, async (cut) => {
          const room = `${transport} ${direction} ${cut.style} ${cut.at}`;
          await converse(server.port, room, cut, findings);
        });
        const what = `${transport}: cut after ${cuts.length} of ${bytes} bytes ${direction}`;
        progress(what);
        notes.push(what);
      }
    }
    return { findings, notes };
  } finally {
    await server.kill();
  }
}

/** Returns how many bytes it took in each direction. */
async function converse(
  port: number,
  room: string,
  { transport, direction = 'up', style = 'end', at }: Partial<Cut> & Pick<Cut, 'transport'>,
  findings: Findings,
): Promise<Record<Direction, number>> {
  const line = await BadLine.open(port);
  if (at !== undefined) line.cutAfter(at, direction, style);
  const books = new RoomBooks(room);
  const ann = new LibraryParticipant('ann', hastyClient(line.port, transport), books);
  const bob = new RawParticipant('bob', port, books);
  try {
    await bob.join();
    await bob.say('b0', '');
    await ann.join();
    await Promise.all([talk(ann, 'a'), talk(bob, 'b')]);
    await bob.say('last', '');
    const end = books.claims.offsetOf('last') ?? 0;
    await Promise.all(books.testimonies.map((testimony) => testimony.reaches(end, PATIENCE_MS)));
    findings.include(books.audit(await readRoom(port, books), [], ['n']));
    findings.add('cuts', line.cuts);
    return { up: line.passed('up'), down: line.passed('down') };
  } catch (error) {
    throw new Error(`broke off in ${room}`, { cause: error });
  } finally {
    await Promise.all([ann.close(), bob.close()]);
    await line.close();
  }
}

async function talk(participant: LibraryParticipant | RawParticipant, prefix: string): Promise<void> {
  await participant.say(`${prefix}1`, '');
  await Promise.all([
    participant.say(`${prefix}2`, 'ü'),
    participant.say(`${prefix}3`, ''),
    participant.increment('n'),
  ]);
}
