import type { LeaveCause } from '../../protocol/rooms.ts';
import type { Change } from './change.ts';
import type { KeyedState } from './keyed-state.ts';
import type { Publication } from './publication.ts';

/**
 * A way to put publications into words. Members with the same format object share one encoding, so a format
 * stands for everything the encoding depends on.
 */
export interface Format<Encoded = unknown> {
  /** `undefined` when members of this format do not get this kind of publication. */
  encode(publication: Publication): Encoded | undefined;
  /** Somebody said something that is not for this member; without it, members of this format do not hear of that. */
  encodePassed?(publication: Publication): Encoded;
  /** Who came and went within a tick, in one go. Without it, members of this format are not told so. */
  encodePresence?(change: PresenceChange): Encoded;
  /**
   * One who came, told at once to those who were there, and not to itself: it reads the room while it joins,
   * and from then on hears of everything, so the two fit together. Without it: not told so.
   */
  encodeArrival?(member: Member): Encoded;
  /** One who went, told at once to those who stay. */
  encodeDeparture?(member: Member): Encoded;
  /** `undefined` when members of this format do not hear of this change; without it, of none. */
  encodeChange?(change: Change): Encoded | undefined;
  /** What server code says in the protocol's own terms, beside the room's stream; without it, nothing. */
  encodeNotice?(notice: unknown): Encoded;
}

/**
 * A connection's membership of one room. The hub knows no wire: it encodes with the member's format and
 * hands over what came out.
 */
export interface Member<Encoded = unknown> {
  /** The connection's id, or one that the member brings along from connection to connection. */
  readonly id: string;
  /** Nickname in this room; `undefined` for one that gave none. */
  readonly name: string | undefined;
  /** Shown to the others; any JSON value. */
  readonly info: unknown;
  readonly gateway: string;
  readonly transport: string;
  /** When it joined, ms since 1970. */
  readonly since: number;
  readonly format: Format<Encoded>;
  /** Others are not told of it: no presence, no list of members shows it. Default false. */
  readonly isHidden?: boolean;
  /** It may not change the room's state. Default false. */
  readonly isReadonly?: boolean;
  /** It may come back under its id after its connection was lost, so that is no leave yet. Default false. */
  readonly comesBack?: boolean;
  /** It is told of changes that it makes itself, whatever they say of `echo`. Default false. */
  readonly hearsOwnChanges?: boolean;
  /** What it shows of itself and changes through the hub; only where its protocol has such a thing. */
  readonly state?: KeyedState;
  deliver(encoded: Encoded): void;
  /** Takes the member out of the room, and tells it why where its protocol has words for that. */
  eject(removal: Removal): void;
}

/** Why a member that did not ask for it is out of a room. */
export interface Removal {
  /** `ejected`: this one alone. `closed`: the room closes, and everybody goes. */
  readonly cause: 'ejected' | 'closed';
  /** For people; may be empty. */
  readonly reason: string;
}

/**
 * Whose presence changed within one tick: who is there now and who is not. It says how things are, not what
 * happened, so applying it twice, or to a member list that is newer, does no harm.
 */
export interface PresenceChange {
  readonly room: string;
  readonly joins: readonly Member[];
  readonly leaves: readonly Departure[];
  /** Members that others may see. */
  readonly count: number;
  /** Takes the place of the whole list: `null` when there are too many to list, all of them when there are no longer. */
  readonly roster?: readonly Member[] | null;
}

/** A member that is gone. */
export interface Departure {
  readonly member: Member;
  readonly cause: LeaveCause;
}
