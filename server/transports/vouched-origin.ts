import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSameOrigin } from './same-origin.ts';

/**
 * Browsers say of requests that they are of the same origin (Fetch Metadata), but not of WebSocket handshakes. So
 * where a proxy hides from us what the own origin is, a browser that vouches for an origin is given a token for it,
 * and shows it with its handshakes. Only the own origin can have given it one: the prefix keeps neighbours of the
 * domain from setting the cookie, and `SameSite` strangers from having it sent.
 */
const COOKIE = '__Host-roomplex_origin';
const MAX_AGE_S = 2_592_000;
const secret = randomBytes(32);

/** True when the browser says that this request comes from the origin that it goes to. */
export function isVouchedFor({ headers }: IncomingMessage): boolean {
  return headers['sec-fetch-site'] === 'same-origin';
}

/** Gives the browser the token for the origin that it vouches for, where we would not know it and it has none yet. */
export function giveToken(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (origin === undefined || origin === 'null' || !isVouchedFor(request)) return;
  if (isSameOrigin(origin, request) || hasToken(request, origin)) return;
  const attributes = `Max-Age=${MAX_AGE_S}; Path=/; Secure; HttpOnly; SameSite=Strict`;
  response.appendHeader('Set-Cookie', `${COOKIE}=${tokenOf(origin)}; ${attributes}`);
}

/** True for a handshake whose browser was given a token for the origin that it names. */
export function hasToken({ headers }: IncomingMessage, origin: string): boolean {
  const { cookie } = headers;
  if (cookie === undefined || !cookie.includes(COOKIE)) return false;
  const token = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]*)(?:;|$)`).exec(cookie)?.[1] ?? '';
  const expected = tokenOf(origin);
  return token.length === expected.length && timingSafeEqual(Buffer.from(token), Buffer.from(expected));
}

function tokenOf(origin: string): string {
  return createHmac('sha256', secret).update(origin).digest('base64url');
}
