import type { Socket } from 'socket.io';
import type { ConnectionRequest } from '../connection/connection.ts';
import { forwardedSender } from './request-sender.ts';

/**
 * What is known of the request behind a client in a namespace: the first one of its line, with the query of
 * the namespace (which the package puts into `auth` for old clients) or the strings and numbers in `auth`
 * added to its own.
 */
export class SocketIORequest implements ConnectionRequest {
  readonly path: string;
  readonly query: string;
  readonly cookie: string;
  readonly origin: string | undefined;
  readonly remoteAddress: string;
  readonly remotePort: number;

  constructor(path: string, { conn, handshake, request }: Socket) {
    this.path = path;
    this.query = queryOf(request.url ?? '', handshake.auth);
    this.cookie = request.headers.cookie ?? '';
    this.origin = request.headers.origin;
    this.remoteAddress = forwardedSender(request)?.address ?? conn.remoteAddress;
    this.remotePort = request.socket.remotePort ?? 0;
  }
}

function queryOf(url: string, auth: Readonly<Record<string, unknown>>): string {
  const mark = url.indexOf('?');
  const query = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
  for (const own of ENGINE_PARAMETERS) query.delete(own);
  for (const [name, value] of Object.entries(auth)) {
    if (typeof value === 'string' || typeof value === 'number') query.set(name, String(value));
  }
  return query.toString();
}

/** What engine.io's clients put into the query for themselves. */
const ENGINE_PARAMETERS = ['EIO', 'transport', 't', 'sid', 'b64', 'j'];
