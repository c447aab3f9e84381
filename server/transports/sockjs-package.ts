import { createRequire } from 'node:module';
import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * The parts of the `sockjs` package (0.3.24, its last release) that we lean on beyond its published types:
 * a session holds at most one receiver, and a receiver is one open response that frames are written to.
 */
export interface SockJSReceiver {
  readonly protocol: string;
  /** `null` once the response has ended. */
  readonly response: ServerResponse | null;
  /** Writes a frame in the transport's own clothes; polling responses end with it. */
  doSendFrame(frame: string): boolean;
  /** Sends a heartbeat frame. */
  heartbeat(): boolean;
  /** Ends the response; the session waits a while for the next. */
  didClose(): void;
  /** Called when the connection of the response is gone; ends the session at once, unless it is replaced. */
  didAbort: () => void;
}

/** What the package keeps of one client on an HTTP transport. */
export interface SockJSSession {
  /** `null` once it has ended. */
  readonly session_id: string | null;
  recv: SockJSReceiver | null;
  /** Texts that wait for the next receiver. */
  send_buffer: string[];
  /** Writes these to a receiver; a session that is closing does that before the close frame. True if it wrote. */
  flushToRecv: (receiver: SockJSReceiver) => boolean;
  /** Time between two heartbeat frames, in ms; looked at whenever one is put off. */
  heartbeat_delay: number;
  /** How long it waits for the next receiver, in ms; looked at whenever one has gone. */
  disconnect_delay: number;
  /** Sends what waits, and puts off the next heartbeat frame. Only while there is a receiver. */
  tryFlush(): void;
  close(code: number, reason: string): boolean;
  /** Ends it at once; only while there is no receiver, and once. */
  didTimeout(): void;
}

/** A client on an HTTP transport, as the package presents it. */
export interface SockJSConnection extends EventEmitter {
  readonly protocol: string;
  readonly remoteAddress: string | undefined;
  readonly _session: SockJSSession;
}

/** Answers a request to a SockJS base URL; true when the request was under its prefix. */
export type SockJSHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

interface SockJSServer extends EventEmitter {
  listener(options: object): { getHandler(): SockJSHandler };
}

const sockjs = createRequire(import.meta.url)('sockjs') as { createServer(options: object): SockJSServer };

/**
 * A SockJS base URL. WebSockets are announced in `/info`, but never reach the package: the upgrade router
 * takes them.
 */
export function sockjsListener(options: {
  /** Path of the base URL. */
  readonly prefix: string;
  /** Where the iframe page finds the client library. */
  readonly clientUrl: string;
  readonly heartbeatMs: number;
  readonly onConnection: (connection: SockJSConnection) => void;
  readonly log: (severity: string, line: string) => void;
}): SockJSHandler {
  const server = sockjs.createServer({ log: options.log });
  server.on('connection', options.onConnection);
  const listener = server.listener({
    // The package puts the prefix into regular expressions as it is.
    prefix: options.prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
    sockjs_url: options.clientUrl,
    heartbeat_delay: options.heartbeatMs,
  });
  return listener.getHandler();
}
