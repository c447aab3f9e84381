import type { Publication } from './publication.ts';

/**
 * A way to put publications into words. Members with the same format object share one encoding, so a format
 * stands for everything the encoding depends on.
 */
export interface Format<Encoded = unknown> {
  /** `undefined` when members of this format do not get this kind of publication. */
  encode(publication: Publication): Encoded | undefined;
  /** Without it, members of this format are not told who comes and goes. */
  encodePresence?(change: PresenceChange): Encoded;
}

/**
 * A connection's membership of one room. The hub knows no wire: it encodes with the member's format and
 * hands over what came out.
 */
export interface Member<Encoded = unknown> {
  /** The connection's id: one connection is in a room at most once. */
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
  readonly leaves: readonly Member[];
}
