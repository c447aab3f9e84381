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

  /** `leave` is told of each that did not come back within `graceMs`. */
  constructor(graceMs: number, leave: (address: RoomAddress, member: Member, cause: LeaveCause) => void) {
    this.#queue = new GraceQueue(graceMs, ({ address, member, cause }) => {
      this.#byMember.delete(member);
      leave(address, member, cause);
    });
  }

  add(address: RoomAddress, member: Member, cause: LeaveCause): void {
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
}
