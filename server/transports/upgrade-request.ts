import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { ConnectionRequest } from '../connection/connection.ts';
import type { EndpointMatch } from './endpoints.ts';
import { forwardedSender } from './request-sender.ts';

/**
 * What stays known of the request behind a WebSocket. It holds on to as little as it can, for it lives as
 * long as the connection; the address is asked of the socket only when somebody wants it.
 */
export class UpgradeRequest implements ConnectionRequest {
  readonly path: string;
  readonly query: string;
  readonly cookie: string;
  readonly origin: string | undefined;
  readonly #socket: Socket;
  /** As a proxy told it. */
  readonly #address: string | undefined;

  constructor(match: EndpointMatch, request: IncomingMessage, socket: Socket) {
    this.path = match.path;
    this.query = match.query;
    this.cookie = request.headers.cookie ?? '';
    this.origin = request.headers.origin;
    this.#socket = socket;
    this.#address = forwardedSender(request)?.address;
  }

  get remoteAddress(): string {
    return this.#address ?? this.#socket.remoteAddress ?? '';
  }

  get remotePort(): number {
    return this.#socket.remotePort ?? 0;
  }
}
