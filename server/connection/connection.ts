import type { PreparedMessage } from './prepared-message.ts';

/** What a connection tells whoever accepted it. Nothing is told after `closed`. */
export interface ConnectionHandler {
  /** One text message, whole. */
  message(text: string): void;
  /**
   * The connection is gone, whoever ended it; told exactly once. `code` is the peer's or our own close code,
   * 1005 when the peer gave none, 1006 when the line was cut.
   */
  closed(code: number, reason: string): void;
  /** One binary message. Without this method binary messages are dropped and counted. */
  binary?(data: Buffer): void;
}

/**
 * One live two-way line of text messages, whatever carries it: a WebSocket, a SockJS session over HTTP, or a
 * channel on a connection shared with others.
 */
export interface Connection {
  /** Unique in this server process; no two open connections ever share it. */
  readonly id: string;
  /** What carries it in the end: `websocket`, `websocket-raw`, `xhr-streaming`, … A channel says what its carrier says. */
  readonly transport: string;
  readonly isOpen: boolean;
  /**
   * Queues a text. It leaves in order with everything else the connection is owed, in one write at the end
   * of the tick. False when the connection is closed, or was closed just now because its outbox is full.
   */
  send(text: string): boolean;
  /** The same for a text that goes to many. */
  sendPrepared(message: PreparedMessage): boolean;
  /** Calls back, once and later, when the line has taken all that is owed by now; never when it closes before. */
  whenTaken(then: () => void): void;
  /** Sends what is owed, then closes. Closing twice is harmless. Default: 1000. The reason is cut to 123 bytes. */
  close(code?: number, reason?: string): void;
  /** Something of ours went wrong while serving it: reports the error and closes with 1011. */
  fail(error: unknown): void;
}

/** What is known of the request that opened a connection. */
export interface ConnectionRequest {
  /** Without the query, decoded. */
  readonly path: string;
  /** Without the question mark; empty when there was none. */
  readonly query: string;
  readonly remoteAddress: string;
  /** Of the TCP connection on which the request came; 0 when it is gone already. */
  readonly remotePort: number;
  /** Raw `Cookie` header; empty when there was none. */
  readonly cookie: string;
  /** `Origin` header; `undefined` when there was none, so that it was no browser. */
  readonly origin: string | undefined;
}
