/**
 * The rooms protocol: the verbs of the 2-Immerse namespaces (S1) as JSON arrays `[EVENT, ARGUMENT…, ID?]`,
 * and Roomplex's opt-in additions (docs/protocol.md).
 */

import { nestsDeeperThan } from './json-depth.ts';

/** An id with which a client asks for an answer; it comes back in `ACK` or `ERROR`. */
export type AckId = number | string;

/** One array as it came in: the verb and all that followed. */
export interface Verb {
  readonly event: string;
  readonly args: readonly unknown[];
}

/** Reads `[EVENT, …]`; `undefined` when the text is no array that starts with a string, or nests too deep. */
export function decodeVerb(text: string): Verb | undefined {
  if (nestsDeeperThan(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(value) || typeof value[0] !== 'string') return undefined;
  return { event: value[0], args: value.slice(1) };
}

/** Writes `[EVENT, …]`. */
export function encodeVerb(event: string, ...args: readonly unknown[]): string {
  return JSON.stringify([event, ...args]);
}

/** An id is a non-negative integer or a non-empty string of at most 64 characters; anything else asks for nothing. */
export function asAckId(value: unknown): AckId | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  if (typeof value === 'string') return value !== '' && value.length <= 64 ? value : undefined;
  return undefined;
}

/** Why a verb was refused; stable, for programs. */
export type RefusalCode =
  | 'bad-request'
  | 'unknown-event'
  | 'not-a-member'
  | 'already-member'
  | 'unknown-peer'
  | 'forbidden'
  | 'limit';

/** The body of `["ERROR", …]`. */
export interface Refusal {
  readonly event: string;
  readonly id?: AckId;
  readonly code: RefusalCode;
  readonly reason: string;
}

/** What `JOIN` on `/layout` and `/bus` may carry. S1 clients send `room` and `name` only. */
export interface JoinRequest {
  readonly room: string;
  readonly name: string;
  /** Shown to others who asked for presence. Any JSON value of at most 4 KiB. */
  readonly info?: unknown;
  /** `EVENT`s carry `id` (the sender's member id), `epoch`, `offset` and `at` (ms since 1970). Default false. */
  readonly positions?: boolean;
  /** The member's own messages come back to it, in the one order that all see. Default false (S1 §4). */
  readonly echo?: boolean;
  /** The answer lists the members, and `PRESENCE` tells of changes. Default false. */
  readonly presence?: boolean;
}

/** One member as presence shows it. */
export interface MemberInfo {
  readonly id: string;
  readonly name: string;
  readonly info?: unknown;
}

/** Where a room's stream stands. */
export interface Position {
  /** Identity of the stream: another epoch means another stream, and offsets of the two cannot be compared. */
  readonly epoch: string;
  /** Number of the newest publication; 0 when nothing was said yet. */
  readonly offset: number;
}

/** The body of `["ACK", id, …]` after a JOIN that asked for anything. */
export interface JoinAnswer extends Partial<Position> {
  /** The newcomer's own member id. */
  readonly id?: string;
  /** Everyone in the room, the newcomer included, in join order; only with `presence`. */
  readonly members?: readonly MemberInfo[];
}

/** The body of `["EVENT", …]`. What follows `message` is there only for members who asked for `positions`. */
export interface RoomEvent extends Partial<Position> {
  readonly sender: string;
  readonly room: string;
  readonly message?: unknown;
  readonly id?: string;
  readonly at?: number;
}

/** The body of `["PRESENCE", …]`: what changed since the last one or since the JOIN answer. */
export interface PresenceDiff {
  readonly room: string;
  readonly joins: readonly MemberInfo[];
  readonly leaves: readonly MemberInfo[];
}
