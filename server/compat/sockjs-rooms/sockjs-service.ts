import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';

/**
 * What `sockjs.createServer()` of the `sockjs` package returns, as far as it is used: an emitter of
 * `connection`. Anything that emits such connections will do.
 */
export interface SockJSService {
  on(event: 'connection', listener: (connection: ServiceSocket) => void): unknown;
  /** Where the package takes its own log lines to. */
  readonly options?: { readonly log?: (severity: string, line: string) => void };
}

/** One client of the service. Emits `data` and, once, `close`. */
export interface ServiceSocket extends Pick<EventEmitter, 'on' | 'once'> {
  readonly protocol?: string;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly prefix?: string;
  write(text: string): unknown;
  close(code?: number, reason?: string): unknown;
  /** The package's own books (0.3); without them there is no telling how fast a client reads. */
  readonly _session?: ServiceSession;
}

export interface ServiceSession {
  /** Where frames go now; `null` between two polls. */
  readonly recv: ServiceReceiver | null;
  /** Texts that wait for the next receiver. Raw WebSockets have none: they have no frames either. */
  readonly send_buffer?: string[];
  /** The client has come with a receiver. */
  register?(request: IncomingMessage, receiver: ServiceReceiver): void;
}

export interface ServiceReceiver {
  /** Of a transport over HTTP. */
  readonly response?: ServerResponse | null;
  /** Of a WebSocket. */
  readonly connection?: Writable | null;
  /** Writes a SockJS frame in the transport's own clothes; polling responses end with it. */
  doSendFrame?(frame: string): boolean;
}
