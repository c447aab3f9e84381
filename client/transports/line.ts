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
  /** A sign of life that is no message; part of one, too, where the line can see it. */
  heard(): void;
  /**
   * The answer to {@link Line.beat}: what is sent arrives, and what is answered comes back. `lagMs`: how much later
   * it came than an answer that no stream carries could have come, from 0 on; a proxy that collects what is streamed
   * makes it large. `null` where nothing tells.
   */
  beatAnswered(lagMs: number | null): void;
  message(text: string): void;
  /** A response broke off after so much quiet, in ms; the next goes on where it ended, and nothing is lost. */
  interrupted(quietMs: number): void;
  /** It is over, or never began. Once, and the last call; not after {@link Line.close}. */
  closed(end: LineEnd): void;
}

/** One attempt at a SockJS session, and the session itself when the attempt works. */
export interface Line {
  /** False where the server cannot be asked for a sign of life; {@link Line.beat} then does nothing. */
  readonly canBeat: boolean;
  /** It has no slot to keep a response open, and asks in short turns. */
  readonly isBrief: boolean;
  /** Only once it is open. */
  send(text: string): void;
  /** Asks the server for a sign of life. Only once it is open. */
  beat(): void;
  /** Bytes, about, that were sent and have not left yet. */
  readonly backlog: number;
  /** Resolves when the other side has taken note, or will not. */
  close(): Promise<void>;
}

/** Bytes that one POST may carry on this network: proxies refuse large bodies. Lines that learn better lower it. */
export interface PostLimit {
  bytes: number;
}

/** What a new session is asked for. */
export interface LineRequest {
  /** Absolute, ends in no slash; with the query that every request gets. */
  readonly url: URL;
  /**
   * The server is asked to give a sign of life at least this often, in ms. Polls are answered in that time too,
   * however little there is to say. 0: nothing is asked for, and the line cannot beat. Over HTTP it may become
   * another one at any time, and is read anew for each request that receives.
   */
  readonly heartbeatMs: number;
  readonly postLimit: PostLimit;
}
