import type { RoomAddress, StoredRoom } from './engine.ts';
import type { Member } from './member.ts';
import type { Room } from './room.ts';

/** Where views look rooms up. */
export interface RoomSource {
  room(space: string, name: string): Room | undefined;
  stored(space: string, name: string): StoredRoom | undefined;
}

/** A room as server code sees it: live, for reading. */
export class RoomView {
  readonly #source: RoomSource;
  readonly #address: RoomAddress;

  constructor(source: RoomSource, address: RoomAddress) {
    this.#source = source;
    this.#address = address;
  }

  get name(): string {
    return this.#address.name;
  }

  /** Through whichever door, hidden ones included, in join order, as of now. */
  get members(): MemberView[] {
    return [...(this.#room?.members() ?? [])].map(memberView);
  }

  member(id: string): MemberView | undefined {
    const member = this.#room?.get(id);
    return member && memberView(member);
  }

  /** Values are JSON values; what clients of state rooms put there are texts. Live while somebody is in the room. */
  get state(): ReadonlyMap<string, unknown> {
    const { space, name } = this.#address;
    return this.#source.stored(space, name)?.state.values ?? NONE;
  }

  get #room(): Room | undefined {
    return this.#source.room(this.#address.space, this.#address.name);
  }
}

/** A member as server code sees it. */
export interface MemberView {
  readonly id: string;
  readonly name: string | undefined;
  readonly info: unknown;
  /** Name of the protocol it speaks. */
  readonly gateway: string;
  readonly transport: string;
  /** When it joined, ms since 1970. */
  readonly since: number;
  /** Others are not told of it. */
  readonly isHidden: boolean;
  /** It may not change the room's state. */
  readonly isReadonly: boolean;
  /** Its own, live; empty for a member whose protocol knows none. */
  readonly state: ReadonlyMap<string, unknown>;
}

export function memberView(member: Member): MemberView {
  const { id, name, info, gateway, transport, since, isHidden = false, isReadonly = false, state } = member;
  return { id, name, info, gateway, transport, since, isHidden, isReadonly, state: state?.values ?? NONE };
}

const NONE: ReadonlyMap<string, unknown> = new Map();
