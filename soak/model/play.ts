import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '../../client/types.ts';
import type { Findings } from '../audit/findings.ts';
import { RoomBooks } from '../audit/room-books.ts';
import { BadLine } from '../chaos/bad-line.ts';
import { hastyClient } from '../participants/clients.ts';
import { LibraryParticipant } from '../participants/library-participant.ts';
import { RawParticipant } from '../participants/raw-participant.ts';
import type { ServerProcess } from '../subject/server-process.ts';
import { readRoom } from '../wire/read-room.ts';
import { TRAVELLERS, type Step } from './step.ts';

const PATIENCE_MS = 20_000;
const COUNTER = 'n';

/** Lets a schedule happen in a room of its own, then compares what everybody saw with what must have been. */
export async function play(
  server: ServerProcess,
  room: string,
  schedule: readonly Step[],
): Promise<Findings> {
  const books = new RoomBooks(room);
  const bystander = new RawParticipant('bystander', server.port, books);
  const travellers: Traveller[] = [];
  try {
    await bystander.join();
    for (let who = 0; who < TRAVELLERS; who++) {
      travellers.push(new Traveller(`t${who}`, await BadLine.open(server.port), books));
    }
    // All but the first are in when it begins.
    await Promise.all(travellers.slice(1).map((traveller) => traveller.join()));
    const pending: Promise<void>[] = [];
    for (const [index, step] of schedule.entries()) {
      pending.push(...(await happen(step, `${index}`, { server, bystander, travellers })));
    }
    for (const traveller of travellers) traveller.comesHome();
    await Promise.race([Promise.all(pending), delay(PATIENCE_MS)]);
    await bystander.say('the last word', '');
    const end = books.claims.offsetOf('the last word') ?? 0;
    await Promise.all(books.testimonies.map((testimony) => testimony.reaches(end, PATIENCE_MS)));
    const findings = books.audit(await readRoom(server.port, books), ['trimmed'], [COUNTER]);
    for (const traveller of travellers) traveller.compareMembers(travellers, findings);
    findings.add(
      'cuts',
      travellers.reduce((sum, { line }) => sum + line.cuts, 0),
    );
    return findings;
  } finally {
    await bystander.close();
    await Promise.all(travellers.map((traveller) => traveller.close()));
  }
}

interface Scene {
  readonly server: ServerProcess;
  readonly bystander: RawParticipant;
  readonly travellers: readonly Traveller[];
}

/** Gives what has begun and may end at any time. */
async function happen(
  step: Step,
  id: string,
  { server, bystander, travellers }: Scene,
): Promise<Promise<void>[]> {
  if (step[0] === 'burst') {
    return Array.from({ length: step[1] }, (_, number) => bystander.say(`burst ${id}.${number}`, ''));
  }
  if (step[0] === 'kill') {
    await server.kill();
    await server.restart();
    return [];
  }
  if (step[0] === 'wait') {
    await delay(step[1]);
    return [];
  }
  const began = travellers[step[1]]?.does(step, id);
  return began === undefined ? [] : [began];
}

type Doing = Exclude<Step, readonly ['burst' | 'wait', number] | readonly ['kill']>;

/** One client on a network of its own, in the room from time to time. */
class Traveller {
  readonly name: string;
  readonly line: BadLine;
  readonly #client: Client;
  readonly #books: RoomBooks;
  #stay: LibraryParticipant | undefined;
  /** It left when nobody could tell the server, which waits for it to come back. */
  #maySeemThere = false;

  constructor(name: string, line: BadLine, books: RoomBooks) {
    this.name = name;
    this.line = line;
    this.#books = books;
    this.#client = hastyClient(line.port, 'websocket', 'xhr-streaming', 'xhr-polling');
  }

  /** Resolves when it is in, or has left again. */
  async join(): Promise<void> {
    if (this.#stay !== undefined) return;
    const stay = new LibraryParticipant(this.name, this.#client, this.#books);
    this.#stay = stay;
    try {
      await stay.join();
    } catch (error) {
      if (this.#stay === stay) throw error;
    }
  }

  does(step: Doing, id: string): Promise<void> | undefined {
    switch (step[0]) {
      case 'join':
        return this.join();
      case 'leave':
        return this.#leave();
      case 'say':
        return this.#stay?.say(`${this.name} ${id}`, '');
      case 'count':
        return this.#stay?.increment(COUNTER);
      case 'set':
        return this.#stay?.set(this.name, id);
      case 'cut':
        this.line.cut(step[2]);
        return undefined;
      case 'lose answer':
        this.line.loseNextAnswer();
        return undefined;
      case 'down':
        this.line.isDown = true;
        this.line.cut('reset');
        return undefined;
      case 'up':
        this.line.isDown = false;
        return undefined;
      case 'refuse WebSocket':
        this.line.refusesWebSocket = true;
        return undefined;
      case 'allow WebSocket':
        this.line.refusesWebSocket = false;
    }
    return undefined;
  }

  /** From now on its network is a good one. */
  comesHome(): void {
    this.line.isDown = false;
    this.line.refusesWebSocket = false;
    this.line.losesNothing();
    this.#client.reconnect();
  }

  /** Whoever is in sees whoever is in. */
  compareMembers(travellers: readonly Traveller[], findings: Findings): void {
    if (this.#stay === undefined) return;
    const shown = this.#stay.room.members.map(({ name }) => name).filter((name) => name.startsWith('t'));
    for (const { name, isIn, maySeemThere } of travellers) {
      const times = shown.filter((other) => other === name).length;
      if (isIn ? times === 1 : times === 0 || maySeemThere) continue;
      findings.fault(
        'wrong presence',
        `${this.name} sees ${name} ${times} times, who is ${isIn ? 'in' : 'out'}`,
      );
    }
  }

  get isIn(): boolean {
    return this.#stay !== undefined;
  }

  get maySeemThere(): boolean {
    return this.#maySeemThere;
  }

  async close(): Promise<void> {
    await this.#client.close();
    await this.line.close();
  }

  #leave(): Promise<void> | undefined {
    const stay = this.#stay;
    this.#stay = undefined;
    this.#maySeemThere ||= stay !== undefined;
    return stay?.leave();
  }
}
