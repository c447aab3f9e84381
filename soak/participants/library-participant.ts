import { createClient } from '../../client/client.ts';
import { RoomplexError } from '../../client/errors.ts';
import { nodeEnvironment } from '../../client/node-environment.ts';
import type { Client, Room, TransportName } from '../../client/types.ts';
import type { Revision } from '../../protocol/rooms.ts';
import type { Outcome } from '../audit/claims.ts';
import type { ChangeOutcome } from '../audit/change-claims.ts';
import type { RoomBooks } from '../audit/room-books.ts';
import type { Testimony } from '../audit/testimony.ts';
import type { Message, Participant } from './participant.ts';

/** A participant that leaves it all to the client library. */
export class LibraryParticipant implements Participant {
  readonly name: string;
  readonly testimony: Testimony;
  readonly client: Client;
  readonly room: Room;
  readonly #books: RoomBooks;

  constructor(
    name: string,
    port: number,
    books: RoomBooks,
    transports: readonly TransportName[] = ['websocket'],
  ) {
    this.name = name;
    this.#books = books;
    this.testimony = books.testimony(name);
    this.client = createClient(hastyEnvironment, `http://127.0.0.1:${port}/multiplex`, { transports });
    this.room = this.client.room(books.room, { name });
    this.room.on('joined', () => {
      if (this.room.position !== null) this.testimony.joined(this.room.position);
      this.#showState();
    });
    this.room.on('message', ({ data, epoch, offset, replayed }) => {
      this.testimony.message((data as Message).id, { epoch, offset }, replayed);
    });
    this.room.on('gap', (gap) => this.testimony.gap(gap));
    this.room.on('state', () => this.#showState());
  }

  join(): Promise<void> {
    return this.room.join();
  }

  async say(id: string, fill: string): Promise<void> {
    const { claims } = this.#books;
    const message: Message = { id, fill };
    claims.sent(id);
    const outcome = await this.room.publish(message).then(
      (position): Outcome => ({ type: 'accepted', position }),
      (error: unknown): Outcome => {
        const { code } = asRoomplexError(error);
        return code === 'unknown-outcome' ? { type: 'unknown' } : { type: 'refused', code };
      },
    );
    claims.settled(id, outcome);
  }

  async increment(key: string): Promise<void> {
    let value = 0;
    const update = this.room.state.update(key, (before) => (value = Number(before ?? 0) + 1));
    const outcome = await changeOutcome(update);
    // Which number it would be was not known before.
    this.#books.changes.settled(this.#books.changes.sent([{ key, value }]), outcome);
  }

  async set(key: string, value: unknown): Promise<void> {
    const { changes } = this.#books;
    const { state } = this.room;
    const claim = changes.sent([value === undefined ? { key } : { key, value }]);
    changes.settled(
      claim,
      await changeOutcome(value === undefined ? state.delete(key) : state.set(key, value)),
    );
  }

  close(): Promise<void> {
    return this.client.close();
  }

  /** The library takes care of revisions by itself, so what it shows is looked at as a whole. */
  #showState(): void {
    const { revision } = this.room.state;
    if (revision === null) return;
    const entries = this.room.state.entries();
    this.#books.snapshots.push({ who: this.name, ...revision, entries, newest: 0 });
  }
}

/** Comes back after milliseconds rather than seconds, so that much can happen in a short time. */
const hastyEnvironment = { ...nodeEnvironment, random: () => 0.02 * Math.random() };

function changeOutcome(change: Promise<Revision>): Promise<ChangeOutcome> {
  return change.then(
    (revision) => ({ type: 'accepted', revision }),
    (error: unknown) => ({ type: asRoomplexError(error).code === 'unknown-outcome' ? 'unknown' : 'refused' }),
  );
}

function asRoomplexError(error: unknown): RoomplexError {
  if (error instanceof RoomplexError) return error;
  throw error;
}
