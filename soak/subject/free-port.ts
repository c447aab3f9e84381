import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that connections are given: a client that tries a dead server again and again can be given that
 * server's own port, and then talks to itself.
 */
const FIRST = 20_000;
const COUNT = 10_000;
const TRIES = 100;

/** A port that nobody listens on, and that no connection will be given. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
  throw new Error(`no free port from ${FIRST} to ${FIRST + COUNT - 1}`);
}
