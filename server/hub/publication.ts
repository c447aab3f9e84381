import type { Position } from '../../protocol/rooms.ts';

/** Who said something, as the hub knows it. */
export interface Sender {
  /** Member id (the connection's id), or `null` for one that is no connection, such as an HTTP request. */
  readonly id: string | null;
  /** Nickname; `undefined` for one that has none. */
  readonly name: string | undefined;
}

/** What a gateway wants said in a room. */
export interface Draft {
  /** `message`, or a kind of its own that only some formats show. */
  readonly kind: string;
  /** Any JSON value; `undefined` when the message was absent. */
  readonly data: unknown;
  readonly sender: Sender;
  /** Member id that does not get it. */
  readonly except?: string | undefined;
  /** Member id that alone gets it. */
  readonly to?: string | undefined;
  /** Names it among the publications of its room, so that it can safely be asked for again. */
  readonly id?: string | undefined;
}

/** What was said, and where it stands in its room's stream. */
export interface Publication extends Draft, Position {
  /** Name of the room, without its space. */
  readonly room: string;
  /** ms since 1970. */
  readonly at: number;
}

/** The kind that every format shows. */
export const MESSAGE = 'message';
