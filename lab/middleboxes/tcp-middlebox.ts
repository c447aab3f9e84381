import { connect, createServer, type Socket } from 'node:net';
import { DelayedPipe } from './delayed-pipe.ts';
import { listenOnLoopback, type Middlebox } from './loopback-server.ts';

/** How a line ends: with a reset, in good order, or so that nothing moves any more and nobody is told. */
export type Ending = 'reset' | 'close' | 'silence';

/** What becomes of the bytes of each connection; what is absent does not happen. */
export interface Link {
  /** Added in each direction. */
  readonly delayMs?: number;
  /** At most so much more, by chance, for each chunk. */
  readonly jitterMs?: number;
  /** Now and then a chunk, and all behind it, waits. */
  readonly stalls?: { readonly chance: number; readonly ms: number };
  /** In each direction. */
  readonly bytesPerSecond?: number;
  /** How likely a chunk brings about a reset. */
  readonly resetChance?: number;
  /** Of a connection on which nothing moved in either direction. */
  readonly idle?: { readonly afterMs: number; readonly ending: Ending };
  /** After which every connection is reset. */
  readonly lifeMs?: number;
}

/** Passes TCP connections on to the origin over a link of this kind. */
export function startTcpMiddlebox(originPort: number, link: Link): Promise<Middlebox> {
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (inward) =>
    pass(inward, originPort, link),
  );
  return listenOnLoopback(server);
}

function pass(inward: Socket, originPort: number, link: Link): void {
  const outward = connect({ port: originPort, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  const sockets = [inward, outward];
  const pipes = [new DelayedPipe(outward), new DelayedPipe(inward)] as const;
  let isOver = false;
  const end = (ending: Ending): void => {
    isOver = true;
    for (const pipe of pipes) pipe.stop();
    if (ending === 'reset') for (const socket of sockets) socket.resetAndDestroy();
    if (ending === 'close') for (const socket of sockets) socket.destroy();
  };
  const { idle, lifeMs } = link;
  const idleTimer = idle && setTimeout(() => end(idle.ending), idle.afterMs);
  const lifeTimer = lifeMs === undefined ? undefined : setTimeout(() => end('reset'), lifeMs);
  const forward = (from: Socket, to: Socket, pipe: DelayedPipe): void => {
    from.on('data', (bytes: Buffer) => {
      if (isOver) return;
      idleTimer?.refresh();
      if (Math.random() < (link.resetChance ?? 0)) end('reset');
      else pipe.put(bytes, delayOf(bytes, link, pipe));
    });
    from.on('end', () => {
      if (!isOver) pipe.put(null, link.delayMs ?? 0);
    });
    from.on('error', () => {
      if (!isOver) to.destroy();
    });
    from.on('close', () => {
      clearTimeout(idleTimer);
      clearTimeout(lifeTimer);
      if (isOver) return;
      // What is under way still arrives.
      setTimeout(() => to.destroy(), Math.max(0, pipe.lastDue - performance.now()) + 20);
    });
  };
  forward(inward, outward, pipes[0]);
  forward(outward, inward, pipes[1]);
}

function delayOf(bytes: Buffer, link: Link, pipe: DelayedPipe): number {
  const { delayMs = 0, jitterMs = 0, stalls, bytesPerSecond } = link;
  const isStalled = stalls !== undefined && Math.random() < stalls.chance;
  const underWay = delayMs + Math.random() * jitterMs + (isStalled ? stalls.ms : 0);
  if (bytesPerSecond === undefined) return underWay;
  // The link is busy until what went before is through.
  const busyMs = Math.max(0, pipe.lastDue - delayMs - performance.now());
  return underWay + busyMs + (bytes.length / bytesPerSecond) * 1000;
}
