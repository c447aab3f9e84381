import type { Findings } from './audit/findings.ts';
import { RoomBooks } from './audit/room-books.ts';
import { Busy, COUNTERS } from './participants/busy.ts';
import type { Participant } from './participants/participant.ts';
import type { SeededRandom } from './random.ts';
import { readRoom } from './wire/read-room.ts';

const PATIENCE_MS = 45_000;

/** What those on a stage do. */
export interface Play {
  /** About so many ms pass between two things that a line of a participant does. */
  readonly gapMs: number;
  /** How many things each does at a time. */
  readonly lines: number;
}

/** One room of a server and those in it, who talk, count and set keys until it is over; then everything is audited. */
export class Stage {
  readonly books: RoomBooks;
  readonly participants: readonly Participant[];
  readonly #port: number;
  #busy: Busy | undefined;

  /** `port` leads straight to the server. */
  constructor(port: number, room: string, crowd: (books: RoomBooks) => readonly Participant[]) {
    this.#port = port;
    this.books = new RoomBooks(room);
    this.participants = crowd(this.books);
  }

  /** The first of them, who also has the last word. */
  get speaker(): Participant {
    const [speaker] = this.participants;
    if (speaker === undefined) throw new Error('nobody is on the stage');
    return speaker;
  }

  /** Resolves when all are in, and at it. */
  async open(random: SeededRandom, { gapMs, lines }: Play): Promise<void> {
    await Promise.all(this.participants.map((participant) => participant.join()));
    this.#busy = new Busy(gapMs);
    for (const participant of this.participants) this.#busy.start(participant, random.fork(), lines);
  }

  /** Lets everybody finish and hear the last word, and audits the room. `mayMiss`: as {@link RoomBooks.audit}. */
  async end(mayMiss: readonly string[] = []): Promise<Findings> {
    await this.#busy?.stop(PATIENCE_MS);
    await this.#sayLast();
    return this.books.audit(await readRoom(this.#port, this.books), mayMiss, COUNTERS);
  }

  async close(): Promise<void> {
    await Promise.all(this.participants.map((participant) => participant.close()));
  }

  /** What follows everything else: whoever has seen that has seen all there is. */
  async #sayLast(): Promise<void> {
    const { claims, testimonies } = this.books;
    const id = 'the last word';
    await this.speaker.say(id, '');
    const offset = claims.offsetOf(id);
    if (offset === undefined) return;
    await Promise.all(testimonies.map((testimony) => testimony.reaches(offset, PATIENCE_MS)));
  }
}
