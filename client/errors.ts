import type { RefusalCode, StateEntry } from '../protocol/rooms.ts';

/**
 * Why something did not work; stable, for programs. Beside the server's own refusals:
 *
 * - `closed`: the client or the channel is closed.
 * - `refused`: the server ended the connection and said not to come back.
 * - `unreachable`: a try to connect failed; the client goes on trying.
 * - `queue-full`: more was asked to wait than the limit allows; nothing was sent.
 * - `not-joined`: the room is not joined, and nobody asked to join it.
 * - `ejected`: the server put this client out of the room.
 * - `cancelled`: the room was left before the answer mattered.
 * - `timeout`: the server did not answer.
 * - `unknown-outcome`: it was sent, and nobody can tell whether it arrived.
 */
export type ErrorCode =
  | RefusalCode
  | 'closed'
  | 'refused'
  | 'unreachable'
  | 'queue-full'
  | 'not-joined'
  | 'ejected'
  | 'cancelled'
  | 'timeout'
  | 'unknown-outcome';

/** Everything the client rejects, throws or tells as `error`. */
export class RoomplexError extends Error {
  override readonly name: string = 'RoomplexError';
  /** A newer server may refuse with codes that are not listed. */
  readonly code: ErrorCode | (string & Record<never, never>);
  /** For people. */
  readonly reason: string;

  constructor(code: RoomplexError['code'], reason: string) {
    super(`${reason} (${code})`);
    this.code = code;
    this.reason = reason;
  }
}

/** A key was not as the change wanted it, so nothing has changed. */
export class ConflictError extends RoomplexError {
  override readonly name = 'ConflictError';
  /** How the first such key is now; `undefined` when it is gone. */
  readonly value: unknown;
  /** The revision of that key; 0 when there never was one. */
  readonly rev: number;
  /** All such keys. */
  readonly conflicts: readonly StateEntry[];

  constructor(reason: string, conflicts: readonly StateEntry[]) {
    super('conflict', reason);
    this.value = conflicts[0]?.value;
    this.rev = conflicts[0]?.rev ?? 0;
    this.conflicts = conflicts;
  }
}
