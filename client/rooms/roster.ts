import type { MemberInfo } from '../../protocol/rooms.ts';
import type { RoomPresenceChange } from '../types.ts';
import type { PresenceNews } from './decode.ts';

/**
 * Who is in a room, in the order they came. In a room that is too large for a list it remembers the last one, to
 * say what is different when there is a list again.
 */
export class Roster {
  /** As they were last listed; `null` before that. */
  #members: Map<string, MemberInfo> | null = null;
  #isListed = false;
  #count = 0;
  #list: readonly MemberInfo[] | null = null;

  /** The same array until somebody comes or goes; empty where there is no list. */
  get list(): readonly MemberInfo[] {
    return (this.#list ??= this.#isListed ? [...(this.#members?.values() ?? [])] : []);
  }

  /** How many are in the room, listed or not. */
  get count(): number {
    return this.#count;
  }

  /** Takes over a whole list, or that there is none; answers what is different, `null` when nothing is. */
  replace(members: readonly MemberInfo[] | null, count = members?.length ?? 0): RoomPresenceChange | null {
    const before = this.#members;
    const isOtherwise = this.#isListed !== (members !== null) || this.#count !== count;
    this.#isListed = members !== null;
    this.#count = count;
    this.#list = null;
    if (members !== null) this.#members = new Map(members.map((member) => [member.id, member]));
    // Without a list before this one nobody can tell who has just come.
    const joins =
      before === null ? [] : (members ?? []).filter((member) => !isSame(before.get(member.id), member));
    const leaves =
      members === null ? [] : [...(before?.values() ?? [])].filter(({ id }) => !this.#members?.has(id));
    return isOtherwise || joins.length > 0 || leaves.length > 0 ? { joins, leaves } : null;
  }

  /** Takes over what changed; answers what of it was news, `null` when nothing was. */
  apply(news: Omit<PresenceNews, 'room'>): RoomPresenceChange | null {
    if (news.members !== undefined) return this.replace(news.members, news.count);
    const members = this.#members ?? new Map<string, MemberInfo>();
    const leaves = news.leaves.filter(({ id }) => members.delete(id));
    const joins = news.joins.filter((member) => {
      const known = members.get(member.id);
      members.set(member.id, member);
      return !isSame(known, member);
    });
    const count = news.count ?? members.size;
    const isRecounted = count !== this.#count;
    this.#count = count;
    if (joins.length > 0 || leaves.length > 0) this.#list = null;
    else if (!isRecounted) return null;
    return { joins, leaves };
  }
}

function isSame(a: MemberInfo | undefined, b: MemberInfo): boolean {
  return a !== undefined && a.name === b.name && JSON.stringify(a.info) === JSON.stringify(b.info);
}
