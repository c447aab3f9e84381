import { setTimeout as delay } from 'node:timers/promises';
import type {
  Gap,
  GapNotice,
  JoinAnswer,
  Position,
  Revision,
  RoomEvent,
  SetEntry,
  StateChange,
  StateEntry,
} from '../../protocol/rooms.ts';
import type { RoomBooks } from '../audit/room-books.ts';
import type { Testimony } from '../audit/testimony.ts';
import { LineLost, RawLine, Refused } from '../wire/raw-line.ts';
import type { Message, Participant } from './participant.ts';

/** How one behaves. */
export interface RawHabits {
  /** Its messages have no publish id, and it never asks again: what becomes of them when a line is lost is unknown. */
  readonly isForgetful?: boolean;
  /** Says everything twice under the same publish id. */
  readonly isInsistent?: boolean;
}

const RETRY_MS = 15;

/**
 * A participant that speaks the wire by itself, as its document says one should: it joins again with its member key
 * and its position, and publishes again under the same publish id what was not answered.
 */
export class RawParticipant implements Participant {
  readonly name: string;
  readonly testimony: Testimony;
  readonly #port: number;
  readonly #books: RoomBooks;
  readonly #habits: RawHabits;
  readonly #memberKey: string;
  readonly #state = new Map<string, StateEntry>();
  #rev = 0;
  /** Of the last message that it saw. */
  #position: Position | undefined;
  /** Of the last answer to a `JOIN`: what is not later was said before it. */
  #joinedAt = 0;
  #line: RawLine | undefined;
  #waiting: (() => void)[] = [];
  #isClosed = false;

  constructor(name: string, port: number, books: RoomBooks, habits: RawHabits = {}) {
    this.name = name;
    this.#port = port;
    this.#books = books;
    this.#habits = habits;
    this.#memberKey = `key of ${name} in ${books.room}, long enough`;
    this.testimony = books.testimony(name);
  }

  async join(): Promise<void> {
    void this.#live();
    await this.#in();
  }

  async say(id: string, fill: string): Promise<void> {
    const { claims, room } = this.#books;
    claims.sent(id);
    const { isForgetful = false, isInsistent = false } = this.#habits;
    const message: Message = { id, fill };
    for (let attempt = 1; ; attempt++) {
      const line = await this.#in();
      const request = { room, message, ...(!isForgetful && { publishId: id }) };
      const accepted = (position: unknown): void => {
        claims.settled(id, { type: 'accepted', position: position as Position });
      };
      try {
        const times = isInsistent ? 2 : 1;
        await Promise.all(Array.from({ length: times }, () => line.request('NOTIFY', request, accepted)));
        return;
      } catch (error) {
        // One of the two that an insistent one sends may have been accepted, as one that was not answered.
        if (claims.outcomeOf(id)?.type === 'accepted') return;
        if (error instanceof Refused) {
          claims.settled(id, attempt > 1 ? { type: 'unknown' } : refusedFor(error));
          return;
        }
        if (!(error instanceof LineLost)) throw error;
        if (!isForgetful) continue;
        claims.settled(id, { type: 'unknown' });
        return;
      }
    }
  }

  async increment(key: string): Promise<void> {
    for (;;) {
      await this.#in();
      const { value = 0, rev } = this.#state.get(key) ?? { rev: 0 };
      if (await this.#change([{ key, value: Number(value) + 1, ifRev: rev }])) return;
    }
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.#in();
    await this.#change([value === undefined ? { key } : { key, value }]);
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#line?.cut();
    return Promise.resolve();
  }

  /** Loses its line, and comes back. */
  cut(): void {
    this.#line?.cut();
  }

  async #live(): Promise<void> {
    while (!this.#isClosed) {
      try {
        const line = await RawLine.open(this.#port, (event, body) => this.#heard(event, body));
        const newest = this.#books.changes.newest;
        await line.request('JOIN', this.#joinRequest(), (answer) =>
          this.#joined(answer as JoinAnswer, newest),
        );
        this.#line = line;
        for (const go of this.#waiting.splice(0)) go();
        await line.lost;
      } catch (error) {
        if (!(error instanceof LineLost || error instanceof Refused)) throw error;
      }
      this.#line = undefined;
      await delay(RETRY_MS);
    }
  }

  #joinRequest(): object {
    return {
      room: this.#books.room,
      name: this.name,
      memberKey: this.#memberKey,
      positions: true,
      echo: true,
      state: true,
      ...(this.#position !== undefined && { recover: this.#position }),
    };
  }

  #joined(answer: JoinAnswer, newest: number): void {
    const { epoch = '', offset = 0, gap, rev = 0, state = [] } = answer;
    this.#joinedAt = offset;
    if (this.#position === undefined) {
      this.#position = { epoch, offset };
      this.testimony.joined(this.#position);
    }
    if (gap !== undefined) this.#missed(gap, { epoch, offset });
    this.#rev = rev;
    this.#state.clear();
    for (const entry of state) this.#state.set(entry.key, entry);
    this.#books.snapshots.push({ who: this.name, epoch, rev, entries: state, newest });
  }

  #heard(event: string, body: unknown): void {
    switch (event) {
      case 'EVENT': {
        const { message, epoch = '', offset = 0 } = body as RoomEvent;
        this.#position = { epoch, offset };
        this.testimony.message((message as Message).id, this.#position, offset <= this.#joinedAt);
        return;
      }
      case 'GAP':
        this.#missed(body as GapNotice, this.#position);
        return;
      case 'STATE':
        this.#changed(body as StateChange);
    }
  }

  /** `now`: where the stream stands, should it be another one. */
  #missed({ reason, missing }: Gap, now: Position | undefined): void {
    this.testimony.gap({ reason, missing });
    if (missing === null) this.#position = now;
    else if (this.#position !== undefined) {
      this.#position = { ...this.#position, offset: this.#position.offset + missing };
    }
  }

  #changed({ epoch, rev, entries }: StateChange): void {
    this.#books.seen.push({ who: this.name, epoch, rev, previous: this.#rev, entries });
    this.#rev = rev;
    for (const { key, value } of entries) {
      this.#state.set(key, value === undefined ? { key, rev } : { key, value, rev });
    }
  }

  /** False when a condition did not hold. */
  async #change(entries: readonly SetEntry[]): Promise<boolean> {
    const { changes, room } = this.#books;
    const line = await this.#in();
    const claim = changes.sent(entries);
    try {
      const answer = await line.request('SET', { room, entries, epoch: this.#position?.epoch });
      changes.settled(claim, { type: 'accepted', revision: answer as Revision });
      return true;
    } catch (error) {
      if (error instanceof Refused) {
        changes.settled(claim, { type: 'refused' });
        const { code, conflicts = [] } = error.refusal;
        for (const entry of conflicts) this.#state.set(entry.key, entry);
        return code !== 'conflict';
      }
      if (!(error instanceof LineLost)) throw error;
      changes.settled(claim, { type: 'unknown' });
      return true;
    }
  }

  /** Resolves when it has a line and is in the room. */
  async #in(): Promise<RawLine> {
    for (;;) {
      if (this.#line?.isOpen === true) return this.#line;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

function refusedFor({ refusal }: Refused): { readonly type: 'refused'; readonly code: string } {
  return { type: 'refused', code: refusal.code };
}
