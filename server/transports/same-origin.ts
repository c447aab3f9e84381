import type { IncomingMessage } from 'node:http';
import { senderOf } from './request-sender.ts';

/** True when a request goes to the origin from which it comes, as far as we can see where it goes. */
export function isSameOrigin(origin: string, request: IncomingMessage): boolean {
  const { host, isSecure } = senderOf(request);
  if (host === undefined) return false;
  const scheme = isSecure ? 'https://' : 'http://';
  // The browser leaves out a default port in both headers alike, so the plain comparison mostly decides.
  if (origin.length === scheme.length + host.length && origin === scheme + host) return true;
  return normaliseOrigin(origin) === normaliseOrigin(scheme + host);
}

/** Scheme, host in lower case, and the port unless it is the scheme's own; unparsable text stays as it is. */
export function normaliseOrigin(origin: string): string {
  try {
    return new URL(origin).origin;
  } catch {
    return origin;
  }
}
