import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';

/** Who sent a request, and what of: as the sender sees it, if proxies that are trusted say so. */
export interface RequestSender {
  /** Empty when the line is gone already, or is none of the network. */
  readonly address: string;
  /** The sender speaks TLS. */
  readonly isSecure: boolean;
  /** The host that the sender asked for, with the port unless it is the usual one. */
  readonly host: string | undefined;
}

const forwarded = new WeakMap<IncomingMessage, RequestSender>();

/** Who sent a request: whoever is next to us, unless {@link noteSender} knows better. */
export function senderOf(request: IncomingMessage): RequestSender {
  return forwarded.get(request) ?? peerOf(request);
}

/** Whoever is next to us. */
export function peerOf(request: IncomingMessage): RequestSender {
  return new Peer(request);
}

/** Finds out what it is asked for: the address costs a call of the system, and most ask for the host alone. */
class Peer implements RequestSender {
  readonly #request: IncomingMessage;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  get address(): string {
    return this.#request.socket.remoteAddress ?? '';
  }

  get isSecure(): boolean {
    return (this.#request.socket as TLSSocket).encrypted === true;
  }

  get host(): string | undefined {
    return this.#request.headers.host;
  }
}

/** Who sent a request that somebody else handed on; `undefined` when nobody did, or nobody who is believed. */
export function forwardedSender(request: IncomingMessage): RequestSender | undefined {
  return forwarded.get(request);
}

/** For whoever knows which proxies are trusted. */
export function noteSender(request: IncomingMessage, sender: RequestSender): void {
  forwarded.set(request, sender);
}
