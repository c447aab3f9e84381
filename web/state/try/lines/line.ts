import type { TransportName } from '../../../../client/index.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Way } from '../ways.ts';

/** How a line ended. */
export interface LineEnd {
  /** `null` where the way knows no codes. */
  readonly code: number | null;
  readonly reason: string;
  /** It was open by the way it is made, yet never let in. */
  readonly isRefusal?: boolean;
}

/** What a line tells whoever opened it; never before the function that opened it has returned. */
export interface LineListener {
  /** Messages may go both ways, over this transport. Again after {@link LineListener.lost}. */
  opened(transport: string): void;
  message(data: string | ArrayBuffer): void;
  /** Something happened that is no message, in a few words. */
  noted(what: string): void;
  /** The connection is gone and the line is trying to get it back; only channels do. */
  lost(): void;
  /** It is over, or never began. Once, and the last call. */
  closed(end: LineEnd): void;
}

/** One connection to a protocol, whatever carries it. */
export interface Line {
  /** Only while it is open. Returns what went over the wire when that is not the text itself. */
  send(text: string): void;
  /** `closed` follows. */
  close(): void;
}

/** What it takes to open a line. */
export interface Target {
  readonly endpoint: Endpoint;
  readonly way: Way;
  /** For a channel: the transport this tab insists on. */
  readonly forced: TransportName | null;
}
