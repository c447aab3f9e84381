import type { MemberInfo } from '../../protocol/rooms.ts';
import type { RoomPresenceChange } from '../types.ts';

/** Who is in a room, in the order they came. */
export class Roster {
  readonly #members = new Map<string, MemberInfo>();
  #list: readonly MemberInfo[] | null = null;

  /** The same array until somebody comes or goes. */
  get list(): readonly MemberInfo[] {
    return (this.#list ??= [...this.#members.values()]);
  }

  /** Takes over a whole list and answers what is different; `null` when nothing is. */
  replace(members: readonly MemberInfo[]): RoomPresenceChange | null {
    const before = new Map(this.#members);
    this.#members.clear();
    this.#list = null;
    const joins: MemberInfo[] = [];
    for (const member of members) {
      const known = before.get(member.id);
      if (known === undefined || !isSame(known, member)) joins.push(member);
      before.delete(member.id);
      this.#members.set(member.id, member);
    }
    return asChange(joins, [...before.values()]);
  }

  /** Takes over what changed and answers what of it was news; `null` when nothing was. */
  apply(diff: RoomPresenceChange): RoomPresenceChange | null {
    const leaves = diff.leaves.filter((member) => this.#members.delete(member.id));
    const joins = diff.joins.filter((member) => {
      const known = this.#members.get(member.id);
      this.#members.set(member.id, member);
      return known === undefined || !isSame(known, member);
    });
    const change = asChange(joins, leaves);
    if (change !== null) this.#list = null;
    return change;
  }
}

function asChange(joins: readonly MemberInfo[], leaves: readonly MemberInfo[]): RoomPresenceChange | null {
  return joins.length === 0 && leaves.length === 0 ? null : { joins, leaves };
}

function isSame(a: MemberInfo, b: MemberInfo): boolean {
  return a.name === b.name && JSON.stringify(a.info) === JSON.stringify(b.info);
}
