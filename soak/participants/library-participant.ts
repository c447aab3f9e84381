import { RoomplexError } from '../../client/errors.ts';
import type { Client, Room } from '../../client/types.ts';
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

  constructor(name: string, client: Client, books: RoomBooks) {
    this.name = name;
    this.client = client;
    this.#books = books;
    this.testimony = books.testimony(name);
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

  /** Goes for good; what is said from now on it need not hear. */
  leave(): Promise<void> {
    this.testimony.left();
    return this.room.leave();
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
