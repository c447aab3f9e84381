import type { Change } from './change.ts';
import type { RoomAddress } from './engine.ts';
import { KeyedState, type StateLimits } from './keyed-state.ts';
import type { Format, Member, PresenceChange } from './member.ts';
import type { Publication } from './publication.ts';
import { Turns } from './turns.ts';

/** The members of one room on this node, and what the room remembers. */
export class Room {
  readonly address: RoomAddress;
  /** In which members' changes are decided one by one. */
  readonly turns = new Turns();
  /** Everybody is on the way out, so nobody is told who goes. */
  isClosing = false;
  /** ms since 1970. */
  readonly since: number;
  /** Publications delivered here. */
  published = 0;
  readonly #members = new Map<string, Member>();
  /** Members that want to be told of presence; most rooms have none, and then presence costs nothing. */
  readonly #observers = new Set<Member>();
  /** The same for arrivals and departures. */
  #witnesses: Set<Member> | undefined;
  readonly #limits: StateLimits;
  #state: KeyedState | undefined;
  #changed = new Map<string, Member>();
  #hiddenCount = 0;

  constructor(address: RoomAddress, since: number, limits: StateLimits) {
    this.address = address;
    this.since = since;
    this.#limits = limits;
  }

  /** Changed through the hub only. Most rooms never have any, and cost nothing for it. */
  get state(): KeyedState {
    return (this.#state ??= new KeyedState(this.#limits));
  }

  get hasState(): boolean {
    return this.#state !== undefined && this.#state.size > 0;
  }

  /** Hidden members included. */
  get size(): number {
    return this.#members.size;
  }

  get visibleSize(): number {
    return this.#members.size - this.#hiddenCount;
  }

  /** In join order, hidden ones included. */
  members(): IterableIterator<Member> {
    return this.#members.values();
  }

  /** Those that members may see, in join order. */
  *visibleMembers(): IterableIterator<Member> {
    for (const member of this.#members.values()) if (member.isHidden !== true) yield member;
  }

  get(memberId: string): Member | undefined {
    return this.#members.get(memberId);
  }

  /** Puts a member in, in the place of one with the same id: that one goes before this one comes. */
  add(member: Member): void {
    const previous = this.#members.get(member.id);
    if (previous !== undefined) this.#forget(previous);
    this.#members.set(member.id, member);
    if (member.isHidden === true) {
      this.#hiddenCount++;
    } else {
      handOut(this.#witnesses ?? NOBODY, (format) => format.encodeArrival?.(member));
      this.#note(member);
    }
    if (member.format.encodePresence !== undefined) this.#observers.add(member);
    if (member.format.encodeArrival !== undefined) (this.#witnesses ??= new Set()).add(member);
  }

  /** The member that was there, if one was. */
  remove(memberId: string): Member | undefined {
    const member = this.#members.get(memberId);
    if (member === undefined) return undefined;
    this.#members.delete(memberId);
    this.#forget(member);
    return member;
  }

  /** Hands a publication to every member it is for. Returns to how many. */
  deliver(publication: Publication): number {
    // Nobody hears from someone they have not been told of.
    if (this.#changed.size > 0) this.#announce();
    this.published++;
    const encode = (format: Format): unknown => format.encode(publication);
    if (publication.to !== undefined) {
      const member = this.#members.get(publication.to);
      return member === undefined ? 0 : handOut([member], encode);
    }
    return handOut(this.#members.values(), encode, this.#excepted(publication.except));
  }

  /** Tells members of a change that was made. Returns how many. */
  deliverChange(change: Change): number {
    if (this.#changed.size > 0) this.#announce();
    const encode = (format: Format): unknown => format.encodeChange?.(change);
    return handOut(this.#members.values(), encode, this.#excepted(change.except));
  }

  /** Hands a notice to those that have a word for it. Returns to how many. */
  deliverNotice(notice: unknown, to: string | undefined, except: string | undefined): number {
    const encode = (format: Format): unknown => format.encodeNotice?.(notice);
    if (to === undefined) return handOut(this.#members.values(), encode, this.#excepted(except));
    const member = this.#members.get(to);
    return member === undefined ? 0 : handOut([member], encode);
  }

  #excepted(memberId: string | undefined): Member | undefined {
    return memberId === undefined ? undefined : this.#members.get(memberId);
  }

  /** It hears no more, and those who see such things at once hear that it is gone. */
  #forget(member: Member): void {
    this.#observers.delete(member);
    this.#witnesses?.delete(member);
    if (member.isHidden === true) {
      this.#hiddenCount--;
      return;
    }
    this.#note(member);
    if (!this.isClosing) handOut(this.#witnesses ?? NOBODY, (format) => format.encodeDeparture?.(member));
  }

  /** Collects changes until the end of the tick, so that a thousand joins make one announcement. */
  #note(member: Member): void {
    if (this.#observers.size === 0) return;
    if (this.#changed.size === 0) setImmediate(this.#announce);
    this.#changed.set(member.id, member);
  }

  readonly #announce = (): void => {
    if (this.#changed.size === 0) return;
    const changed = [...this.#changed.values()];
    this.#changed = new Map();
    const change: PresenceChange = {
      room: this.address.name,
      joins: changed.filter((member) => this.#members.get(member.id) === member),
      leaves: changed.filter(({ id }) => !isVisible(this.#members.get(id))),
    };
    handOut(this.#observers, (format) => format.encodePresence?.(change));
  };
}

const NOBODY: readonly Member[] = [];

function isVisible(member: Member | undefined): boolean {
  return member !== undefined && member.isHidden !== true;
}

/**
 * The fan-out: encodes once per format and hands the same thing to every member of it. Nothing is parsed or
 * copied per member.
 */
function handOut(members: Iterable<Member>, encode: (format: Format) => unknown, except?: Member): number {
  let count = 0;
  let format: Format | undefined;
  let encoded: unknown;
  let seen: Map<Format, unknown> | undefined;
  for (const member of members) {
    if (member === except) continue;
    if (member.format !== format) {
      if (format !== undefined) (seen ??= new Map()).set(format, encoded);
      format = member.format;
      encoded = seen?.has(format) ? seen.get(format) : encode(format);
    }
    if (encoded === undefined) continue;
    member.deliver(encoded);
    count++;
  }
  return count;
}
