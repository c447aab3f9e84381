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

/**
 * Reads `[EVENT, …]`; `undefined` when the text is no array that starts with a string, or nests too deep. A server
 * wraps what it was told in answers of its own, so `maxDepth` is for those who listen to clients.
 */
export function decodeVerb(text: string, maxDepth?: number): Verb | undefined {
  if (nestsDeeperThan(text, maxDepth)) return undefined;
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
  | 'limit'
  | 'conflict'
  | 'overtaken'
  | 'unavailable';

/** The body of `["ERROR", …]`. */
export interface Refusal {
  readonly event: string;
  readonly id?: AckId;
  readonly code: RefusalCode;
  readonly reason: string;
  /** Only with `conflict`: the room's epoch, and how the keys are that were not as the change wants them. */
  readonly epoch?: string;
  readonly conflicts?: readonly StateEntry[];
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
  /**
   * A secret of 16 to 128 characters that makes the member the same one wherever it is used again: its id is the
   * same, and a lost connection is no leave as long as it comes back in time.
   */
  readonly memberKey?: string;
  /**
   * Which connection of the client this is; it grows from one to the next. With a member key: a `JOIN` that was
   * overtaken on its way by that of a later connection is refused. Default: it takes the place whoever has it.
   */
  readonly turn?: number;
  /** So many of the latest messages come before the live ones. Asks for `positions` too. Default 0. */
  readonly history?: number;
  /** Everything after this position comes before the live messages; goes before `history`. Asks for `positions` too. */
  readonly recover?: Position;
  /** The answer has the room's state, and `STATE` tells of changes. Default false. */
  readonly state?: boolean;
}

/** One member as presence shows it. */
export interface MemberInfo {
  readonly id: string;
  readonly name: string;
  readonly info?: unknown;
}

/** Why a member is gone: it said so; its connection closed, or gave no sign of life; it was put out. */
export type LeaveCause = 'left' | 'closed' | 'timeout' | 'ejected';

/** One member that is gone. */
export interface LeaveInfo extends MemberInfo {
  readonly cause: LeaveCause;
}

/** Where a room's stream stands. */
export interface Position {
  /** Identity of the stream: another epoch means another stream, and offsets of the two cannot be compared. */
  readonly epoch: string;
  /** Number of the newest publication; 0 when nothing was said yet. */
  readonly offset: number;
}

/**
 * Why messages are missing. `trimmed`: history does not have them any more. `epoch-changed`: the room's stream
 * is another one. `rolled-back`: the stream is shorter than it was.
 */
export type GapReason = 'trimmed' | 'epoch-changed' | 'rolled-back';

/** Messages that will never come. */
export interface Gap {
  readonly reason: GapReason;
  /** How many; `null` when nobody can know. */
  readonly missing: number | null;
}

/** The body of `["GAP", …]`: messages were trimmed before a slow member had caught up with them. */
export interface GapNotice extends Gap {
  readonly room: string;
}

/** The body of `["POSITION", …]`: what was said there is not for this member. */
export interface PositionNotice extends Position {
  readonly room: string;
}

/** One key of a room's state. Without `value` the key is gone. */
export interface StateEntry {
  readonly key: string;
  readonly value?: unknown;
  /** Revision of the room's state that it was last set, or removed, by; 0: never, as far as is known. */
  readonly rev: number;
}

/** The body of `["ACK", id, …]` after a JOIN that asked for anything. */
export interface JoinAnswer extends Partial<Position> {
  /** The newcomer's own member id. */
  readonly id?: string;
  /** The answer to `recover`: everything that was missed comes. Absent when it was not asked for. */
  readonly recovered?: boolean;
  /** What of the answer to `recover` will not come; only when `recovered` is false. */
  readonly gap?: Gap;
  /** How many are in the room, the newcomer included; only with `presence`. */
  readonly count?: number;
  /** Everyone in the room, the newcomer included, in join order; only with `presence`, and `null` in a large room. */
  readonly members?: readonly MemberInfo[] | null;
  /** The revision of the room's state; only with `state`. */
  readonly rev?: number;
  /** The room's state, in the order in which keys were first set; only with `state`. */
  readonly state?: readonly StateEntry[];
}

/** What `NOTIFY` may carry. S1 clients send `room` and `message` only. */
export interface NotifyRequest {
  readonly room: string;
  readonly message?: unknown;
  /**
   * Names this publication, in 1 to 64 characters: said again within five minutes, it is not published again but
   * answered as the first time.
   */
  readonly publishId?: string;
}

/** The body of `["EVENT", …]`. What follows `message` is there only for members who asked for `positions`. */
export interface RoomEvent extends Partial<Position> {
  readonly sender: string;
  readonly room: string;
  readonly message?: unknown;
  readonly id?: string;
  readonly at?: number;
}

/** What `HISTORY` carries. */
export interface HistoryRequest {
  readonly room: string;
  /** Messages with lower offsets, the latest of them. Default: the end of the stream. */
  readonly before?: number;
  /** Messages with greater offsets, the earliest of them. Not together with `before`. */
  readonly after?: number;
  /** At most so many. Default 100. */
  readonly limit?: number;
}

/** The body of `["ACK", id, …]` after a `HISTORY`: in the order of the room. */
export interface HistoryAnswer {
  readonly epoch: string;
  /** Offset of the oldest message that history still has; one more than the newest when it has none. */
  readonly first: number;
  readonly messages: readonly PastMessage[];
}

/** One message of a `HISTORY` answer. */
export interface PastMessage {
  readonly sender: string;
  readonly message?: unknown;
  /** Member id of whoever said it; absent for one that is no connection. */
  readonly id?: string;
  readonly offset: number;
  /** ms since 1970. */
  readonly at: number;
}

/** What `SET` carries: all of it happens, or nothing. */
export interface SetRequest {
  readonly room: string;
  readonly entries: readonly SetEntry[];
  /** The epoch that the revisions in the conditions are of; another one is a conflict. */
  readonly epoch?: string;
}

/** What becomes of one key. */
export interface SetEntry {
  readonly key: string;
  /** Any JSON value. Absent: the key goes. */
  readonly value?: unknown;
  /** Only if this is the key's revision; 0: only if there is no such key. Absent: whatever it is. */
  readonly ifRev?: number;
}

/** The body of `["ACK", id, …]` after a `SET`. */
export interface Revision {
  readonly epoch: string;
  /** The room's, and that of every key that was set. */
  readonly rev: number;
}

/** The body of `["STATE", …]`: one change, to everyone who asked for state, whoever made it. */
export interface StateChange extends Revision {
  readonly room: string;
  /** Without `value` the key is gone. */
  readonly entries: readonly Omit<StateEntry, 'rev'>[];
  /** Member id; `null` when server code did it. */
  readonly by: string | null;
  /** ms since 1970. */
  readonly at: number;
}

/** The body of `["PRESENCE", …]`: what changed since the last one or since the JOIN answer. */
export interface PresenceDiff {
  readonly room: string;
  readonly joins: readonly MemberInfo[];
  readonly leaves: readonly LeaveInfo[];
  /** How many are in the room now. */
  readonly count: number;
  /**
   * Takes the place of the whole list: `null` when the room has become too large to list everyone, the list when
   * it can be told again.
   */
  readonly members?: readonly MemberInfo[] | null;
}
