import { randomBytes } from 'node:crypto';

/** Tells this process's connections from those of other nodes and of the time before a restart. */
const PROCESS = randomBytes(6).toString('base64url');
let last = 0;

/** An id no other connection has, here or on another node. */
export function newConnectionId(): string {
  return `${PROCESS}-${(++last).toString(36)}`;
}
