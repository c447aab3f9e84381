import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { RecentMarks } from './recent-marks.ts';
import { senderOf } from './request-sender.ts';

/** The cookie that marks a browser as the owner of its sessions. */
const OWNER_COOKIE = 'roomplex_owner';

const newMark = (): string => randomBytes(16).toString('base64url');
const recentMarks = new RecentMarks(newMark);

/** Marks a browser that loads a page as the owner of the sessions that it will open, if it has no mark yet. */
export function markVisitor(request: IncomingMessage, response: ServerResponse): void {
  if (ownerCookie(request) === undefined) giveMark(newMark(), request, response);
}

/** Marks a browser that opens a session without having loaded a page of ours; returns the mark, if it had none. */
export function markOpener(request: IncomingMessage, response: ServerResponse): string | undefined {
  if (ownerCookie(request) !== undefined) return undefined;
  const mark = recentMarks.for(`${senderOf(request).address} ${request.headers['user-agent'] ?? ''}`);
  giveMark(mark, request, response);
  return mark;
}

function giveMark(mark: string, request: IncomingMessage, response: ServerResponse): void {
  const secure = senderOf(request).isSecure ? '; Secure' : '';
  response.appendHeader('Set-Cookie', `${OWNER_COOKIE}=${mark}; Path=/; HttpOnly${secure}; SameSite=Lax`);
}

/**
 * Who opened a SockJS session over HTTP. The session id stands in every URL and is chosen by the client, so
 * knowing it must not be enough: a later request must come with the same owner cookie or, from a client that
 * has none, from the same address; and from the same origin, where both requests name one. A browser that had no
 * cookie may be given one when it opens a session: some proxies come from another address with each request.
 */
export class SessionOwner {
  readonly #cookie: string | undefined;
  readonly #address: string;
  readonly #mark: string | undefined;
  /** The one its first request named, if it did. */
  readonly origin: string | undefined;

  /** `origin`: the one the request named, if it did. `mark`: the cookie that it is answered with, if it is. */
  constructor(request: IncomingMessage, origin: string | undefined, mark?: string) {
    this.#cookie = ownerCookie(request);
    this.#address = senderOf(request).address;
    this.#mark = mark;
    this.origin = origin;
  }

  is(request: IncomingMessage, origin: string | undefined): boolean {
    if (origin !== undefined && this.origin !== undefined && origin !== this.origin) return false;
    const cookie = ownerCookie(request);
    if (this.#cookie !== undefined) return cookie === this.#cookie;
    return senderOf(request).address === this.#address || (cookie !== undefined && cookie === this.#mark);
  }
}

function ownerCookie(request: IncomingMessage): string | undefined {
  const { cookie } = request.headers;
  if (cookie === undefined || !cookie.includes(OWNER_COOKIE)) return undefined;
  return new RegExp(`(?:^|;\\s*)${OWNER_COOKIE}=([^;]*)`).exec(cookie)?.[1];
}
