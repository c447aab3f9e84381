import { randomUUID } from 'node:crypto';

/** A fresh `/SERVER/SESSION` part, as a SockJS client makes it up. */
export function sessionPath(): string {
  return `/000/${randomUUID()}`;
}
