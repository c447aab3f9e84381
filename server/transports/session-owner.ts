import type { IncomingMessage } from 'node:http';
import { senderOf } from './request-sender.ts';

/** The cookie that marks a browser as the owner of its sessions; set with the web app's page. */
export const OWNER_COOKIE = 'roomplex_owner';

/**
 * Who opened a SockJS session over HTTP. The session id stands in every URL and is chosen by the client, so
 * knowing it must not be enough: a later request must come with the same owner cookie or, from a client that
 * has none, from the same address; and from the same origin, where both requests name one.
 */
export class SessionOwner {
  readonly #cookie: string | undefined;
  readonly #address: string;
  /** The one its first request named, if it did. */
  readonly origin: string | undefined;

  /** `origin`: the one the request named, if it did. */
  constructor(request: IncomingMessage, origin: string | undefined) {
    this.#cookie = ownerCookie(request);
    this.#address = senderOf(request).address;
    this.origin = origin;
  }

  is(request: IncomingMessage, origin: string | undefined): boolean {
    if (origin !== undefined && this.origin !== undefined && origin !== this.origin) return false;
    const cookie = ownerCookie(request);
    if (this.#cookie !== undefined) return cookie === this.#cookie;
    return senderOf(request).address === this.#address;
  }
}

function ownerCookie(request: IncomingMessage): string | undefined {
  const { cookie } = request.headers;
  if (cookie === undefined || !cookie.includes(OWNER_COOKIE)) return undefined;
  return new RegExp(`(?:^|;\\s*)${OWNER_COOKIE}=([^;]*)`).exec(cookie)?.[1];
}
