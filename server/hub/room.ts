import type { RoomAddress } from './engine.ts';
import type { Format, Member, PresenceChange } from './member.ts';
import type { Publication } from './publication.ts';

/** The members of one room on this node. */
export class Room {
  readonly address: RoomAddress;
  /** ms since 1970. */
  readonly since: number;
  /** Publications delivered here. */
  published = 0;
  readonly #members = new Map<string, Member>();
  /** Members that want to be told of presence; most rooms have none, and then presence costs nothing. */
  readonly #observers = new Set<Member>();
  #changed = new Map<string, Member>();

  constructor(address: RoomAddress, since: number) {
    this.address = address;
    this.since = since;
  }

  get size(): number {
    return this.#members.size;
  }

  /** In join order. */
  members(): IterableIterator<Member> {
    return this.#members.values();
  }

  get(memberId: string): Member | undefined {
    return this.#members.get(memberId);
  }

  /** Puts a member in, in the place of one with the same id. */
  add(member: Member): void {
    const previous = this.#members.get(member.id);
    if (previous !== undefined) this.#observers.delete(previous);
    this.#members.set(member.id, member);
    this.#note(member);
    if (member.format.encodePresence !== undefined) this.#observers.add(member);
  }

  /** The member that was there, if one was. */
  remove(memberId: string): Member | undefined {
    const member = this.#members.get(memberId);
    if (member === undefined) return undefined;
    this.#members.delete(memberId);
    this.#observers.delete(member);
    this.#note(member);
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
      return member === undefined ? 0 : handOut([member], encode, undefined);
    }
    const except = publication.except === undefined ? undefined : this.#members.get(publication.except);
    return handOut(this.#members.values(), encode, except);
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
      leaves: changed.filter((member) => !this.#members.has(member.id)),
    };
    handOut(this.#observers, (format) => format.encodePresence?.(change), undefined);
  };
}

/**
 * The fan-out: encodes once per format and hands the same thing to every member of it. Nothing is parsed or
 * copied per member.
 */
function handOut(
  members: Iterable<Member>,
  encode: (format: Format) => unknown,
  except: Member | undefined,
): number {
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
