import type { LeaveCause } from '../../protocol/rooms.ts';
import type { Change } from './change.ts';
import type { RoomAddress, StoredRoom } from './engine.ts';
import { handOut } from './hand-out.ts';
import type { Format, Member } from './member.ts';
import { Presence, type Present } from './presence.ts';
import type { Publication } from './publication.ts';
import { Turns } from './turns.ts';

/** The members of one room on this node. */
export class Room implements Present {
  readonly address: RoomAddress;
  /** What the engine has of it. */
  readonly stored: StoredRoom;
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
  /** Members on their way out, who hear themselves at most; mostly none. */
  readonly #silenced = new Set<Member>();
  readonly #rosterLimit: number;
  #presence: Presence | undefined;
  #hiddenCount = 0;

  /** `rosterLimit`: members up to which presence lists everyone; 0 lifts it. */
  constructor(address: RoomAddress, stored: StoredRoom, since: number, rosterLimit: number) {
    this.address = address;
    this.stored = stored;
    this.since = since;
    this.#rosterLimit = rosterLimit;
  }

  get name(): string {
    return this.address.name;
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

  /** The same for a member that follows presence; `null` when they are too many to list. */
  roster(): Member[] | null {
    return this.#presenceOrNew().roster();
  }

  get(memberId: string): Member | undefined {
    return this.#members.get(memberId);
  }

  /**
   * Puts a member in, in the place of one with the same id: that one goes before this one comes, unless it came back
   * as it was.
   */
  add(member: Member): void {
    const previous = this.#members.get(member.id);
    const isNews = previous === undefined || member.comesBack !== true || !looksLike(previous, member);
    if (previous !== undefined) this.#forget(previous, isNews ? 'left' : undefined);
    this.#members.set(member.id, member);
    if (member.isHidden === true) {
      this.#hiddenCount++;
    } else if (isNews) {
      handOut(this.#witnesses ?? NOBODY, (format) => format.encodeArrival?.(member));
      this.#note(member, 'left');
    }
    if (member.format.encodePresence !== undefined) this.#observers.add(member);
    if (member.format.encodeArrival !== undefined) (this.#witnesses ??= new Set()).add(member);
  }

  /** A member hears no more but what it has said itself, while the others see it as before. */
  silence(member: Member): void {
    this.#silenced.add(member);
    this.#witnesses?.delete(member);
    this.#unobserve(member);
  }

  /** Takes this very member out. */
  remove(member: Member, cause: LeaveCause): void {
    this.#members.delete(member.id);
    this.#forget(member, cause);
  }

  /** Hands a publication to every member it is for. Returns to how many. */
  deliver(publication: Publication): number {
    this.#presence?.flush();
    this.published++;
    this.#passBy(publication);
    return this.#handOut((format) => format.encode(publication), publication, publication.sender.id);
  }

  /** Whoever counts along must not take for a loss what was not meant for it; what it said itself it knows of. */
  #passBy(publication: Publication): void {
    const { except, sender } = publication;
    if (except === undefined || except === sender.id) return;
    const member = this.#members.get(except);
    const passed = member?.format.encodePassed?.(publication);
    if (passed !== undefined) member?.deliver(passed);
  }

  /** Tells members of a change that was made. Returns how many. */
  deliverChange(change: Change): number {
    this.#presence?.flush();
    return this.#handOut((format) => format.encodeChange?.(change), change);
  }

  /** Hands a notice to those that have a word for it. Returns to how many. */
  deliverNotice(notice: unknown, to: string | undefined, except: string | undefined): number {
    return this.#handOut((format) => format.encodeNotice?.(notice), { to, except });
  }

  #handOut(
    encode: (format: Format) => unknown,
    { to, except }: Addressees,
    by: string | null = null,
  ): number {
    if (to !== undefined) {
      const member = this.#members.get(to);
      return member === undefined || this.#silenced.has(member) ? 0 : handOut([member], encode);
    }
    return handOut(this.#hearers(by), encode, except === undefined ? undefined : this.#members.get(except));
  }

  #hearers(by: string | null): Iterable<Member> {
    const members = this.#members.values();
    if (this.#silenced.size === 0) return members;
    return [...members].filter((member) => !this.#silenced.has(member) || member.id === by);
  }

  /** It hears no more, and those who see such things at once hear that it is gone; without a cause, nobody does. */
  #forget(member: Member, cause: LeaveCause | undefined): void {
    this.#silenced.delete(member);
    this.#witnesses?.delete(member);
    this.#unobserve(member);
    if (member.isHidden === true) {
      this.#hiddenCount--;
    } else if (cause !== undefined) {
      this.#note(member, cause);
      if (!this.isClosing) handOut(this.#witnesses ?? NOBODY, (format) => format.encodeDeparture?.(member));
    }
  }

  /** Without anybody to be told, presence knows nothing that would be out of date when somebody asks again. */
  #unobserve(member: Member): void {
    if (!this.#observers.delete(member) || this.#observers.size > 0) return;
    this.#presence?.stop();
    this.#presence = undefined;
  }

  #note(member: Member, cause: LeaveCause): void {
    if (this.#observers.size > 0) this.#presenceOrNew().note(member, cause);
  }

  #presenceOrNew(): Presence {
    return (this.#presence ??= new Presence(this, this.#rosterLimit, (change) => {
      handOut(this.#observers, (format) => format.encodePresence?.(change));
    }));
  }
}

/** Member ids: the one that alone is told, or the one that is not. */
interface Addressees {
  readonly to?: string | undefined;
  readonly except?: string | undefined;
}

const NOBODY: readonly Member[] = [];

/** Whether to the others they are one and the same. */
function looksLike(a: Member, b: Member): boolean {
  return (
    a.name === b.name &&
    (a.isHidden ?? false) === (b.isHidden ?? false) &&
    JSON.stringify(a.info) === JSON.stringify(b.info)
  );
}
