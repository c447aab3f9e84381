/**
 * The lines of an export, one JSON object each: a head, then for every room its own line, its messages and the keys
 * of its state, and an end (docs/durability.md).
 */

/** Of what this program writes. */
export const EXPORT_FORMAT = 1;

export interface HeadLine {
  readonly roomplex: 'export';
  readonly format: number;
  /** The store that it is from. */
  readonly store: string;
  /** When it was begun, ms since 1970. */
  readonly at: number;
}

export interface RoomLine {
  readonly room: string;
  readonly space: string;
  readonly epoch: string;
  /** Of the newest message. */
  readonly offset: number;
  /** Of the oldest message that follows. */
  readonly first: number;
  /** Of the state. */
  readonly rev: number;
  /** Keys that follow, removed ones included. */
  readonly keys: number;
  /** When something was last said or changed, ms since 1970. */
  readonly at: number;
}

export interface MessageLine {
  readonly offset: number;
  /** ms since 1970. */
  readonly at: number;
  /** Absent for an ordinary message. */
  readonly kind?: string | undefined;
  readonly data?: unknown;
  /** Member id. */
  readonly sender?: string | undefined;
  readonly name?: string | undefined;
  /** Member ids that it is not, or alone, for. */
  readonly except?: string | undefined;
  readonly to?: string | undefined;
}

export interface KeyLine {
  readonly key: string;
  /** Absent for a key that was removed. */
  readonly value?: unknown;
  readonly rev: number;
}

export interface EndLine {
  readonly end: true;
  readonly rooms: number;
  readonly messages: number;
}
