import type { TransportName } from '../types.ts';

/** How a line ended. */
export interface LineEnd {
  readonly code: number;
  readonly reason: string;
  /** The server said goodbye; without it the line was cut. */
  readonly isClean: boolean;
}

/** What a line tells whoever opened it; never before the function that opened it has returned. */
export interface LineListener {
  /** The server greets: messages may go both ways. At most once. */
  opened(transport: TransportName): void;
  /** A sign of life that is no message. */
  heard(): void;
  message(text: string): void;
  /** It is over, or never began. Once, and the last call; not after {@link Line.close}. */
  closed(end: LineEnd): void;
}

/** One attempt at a SockJS session, and the session itself when the attempt works. */
export interface Line {
  /** Only once it is open. */
  send(text: string): void;
  /** Bytes, about, that were sent and have not left yet. */
  readonly backlog: number;
  /** Resolves when the other side has taken note, or will not. */
  close(): Promise<void>;
}
