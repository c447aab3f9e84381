import type { LeaveCause } from '../../protocol/rooms.ts';
import type { RoomAddress } from './engine.ts';
import { GraceQueue } from './grace-queue.ts';
import type { Member } from './member.ts';

interface Away {
  readonly address: RoomAddress;
  readonly member: Member;
  readonly cause: LeaveCause;
}

/** Members whose connection is lost and who may be back before anybody has to know. */
export class AwayMembers {
  readonly #queue: GraceQueue<Away>;
  readonly #byMember = new Map<Member, Away>();
  readonly #leave: (address: RoomAddress, member: Member, cause: LeaveCause) => void;

  /** `leave` is told of each that did not come back within `graceMs`. */
  constructor(graceMs: number, leave: (address: RoomAddress, member: Member, cause: LeaveCause) => void) {
    this.#queue = new GraceQueue(graceMs, (away) => this.#giveUp(away));
    this.#leave = leave;
  }

  /** If there are too many, the one that is away the longest is not waited for any more. */
  add(address: RoomAddress, member: Member, cause: LeaveCause): void {
    const longest = this.#queue.size < MOST ? undefined : this.#queue.shift();
    if (longest !== undefined) this.#giveUp(longest);
    const away: Away = { address, member, cause };
    this.#byMember.set(member, away);
    this.#queue.add(away);
  }

  /** It is back, or out. False when it was not away. */
  remove(member: Member): boolean {
    const away = this.#byMember.get(member);
    if (away === undefined) return false;
    this.#byMember.delete(member);
    return this.#queue.remove(away);
  }

  stop(): void {
    this.#queue.stop();
    this.#byMember.clear();
  }

  #giveUp({ address, member, cause }: Away): void {
    this.#byMember.delete(member);
    this.#leave(address, member, cause);
  }
}

/** Members that are waited for at a time. */
const MOST = 100_000;
