import type { LeaveCause } from '../../protocol/rooms.ts';
import type { Departure, Member, PresenceChange } from './member.ts';

/** The room whose presence is told. */
export interface Present {
  readonly name: string;
  /** Members that others may see. */
  readonly visibleSize: number;
  visibleMembers(): Iterable<Member>;
  get(memberId: string): Member | undefined;
}

/** `cause`: why it is gone, if it is. */
interface Changed {
  readonly member: Member;
  readonly cause: LeaveCause;
}

/**
 * Tells members that asked for it who comes and goes: changes of one tick in one go, so that a thousand joins make
 * one announcement. In a large room only how many there are, and that once a second: a list of everyone for
 * everyone would grow with the square of their number.
 */
export class Presence {
  readonly #room: Present;
  readonly #rosterLimit: number;
  readonly #tell: (change: PresenceChange) => void;
  #changed = new Map<string, Changed>();
  #isLarge = false;
  #toldCount = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `rosterLimit`: members up to which everyone is listed; 0 lifts it. */
  constructor(room: Present, rosterLimit: number, tell: (change: PresenceChange) => void) {
    this.#room = room;
    this.#rosterLimit = rosterLimit;
    this.#tell = tell;
  }

  /** Everyone in join order; `null` when they are too many to list. */
  roster(): Member[] | null {
    return this.#isLarge || this.#isTooLarge() ? null : [...this.#room.visibleMembers()];
  }

  /** A member came, changed, or went. */
  note(member: Member, cause: LeaveCause): void {
    if (this.#isLarge) {
      this.#timer ??= setTimeout(this.#count, COUNT_MS).unref();
      return;
    }
    if (this.#changed.size === 0) setImmediate(this.#announce);
    this.#changed.set(member.id, { member, cause });
  }

  /** Tells what is noted now: nobody hears from someone they have not been told of. */
  flush(): void {
    if (this.#changed.size > 0) this.#announce();
  }

  /** Nobody is there to be told. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#changed.clear();
  }

  readonly #announce = (): void => {
    if (this.#changed.size === 0) return;
    const changed = [...this.#changed.values()];
    this.#changed = new Map();
    const { name, visibleSize: count } = this.#room;
    if (this.#isTooLarge()) {
      this.#isLarge = true;
      this.#toldCount = count;
      this.#tell({ room: name, joins: [], leaves: [], count, roster: null });
      return;
    }
    const joins: Member[] = [];
    const leaves: Departure[] = [];
    for (const departure of changed) {
      const member = this.#room.get(departure.member.id);
      if (member === undefined || member.isHidden === true) leaves.push(departure);
      else joins.push(member);
    }
    this.#tell({ room: name, joins, leaves, count });
  };

  readonly #count = (): void => {
    this.#timer = undefined;
    const { name, visibleSize: count } = this.#room;
    // Well below, or a room at the limit would send its list again and again.
    if (count <= this.#rosterLimit * 0.8) {
      this.#isLarge = false;
      this.#tell({ room: name, joins: [], leaves: [], count, roster: [...this.#room.visibleMembers()] });
    } else if (count !== this.#toldCount) {
      this.#toldCount = count;
      this.#tell({ room: name, joins: [], leaves: [], count });
    }
  };

  #isTooLarge(): boolean {
    return this.#rosterLimit !== 0 && this.#room.visibleSize > this.#rosterLimit;
  }
}

/** How often the members of a large room are told how many they are. */
const COUNT_MS = 1000;
