import { networkKind, storage } from '../../client/browser-network.ts';
import { Memory } from '../../client/ladder/memory.ts';
import type { Advice } from '../../client/ladder/verdict.ts';

/** Makes clients in this browser connect to `url`, a `/multiplex`, as advised, until that is forgotten. */
export function applyAdvice(url: string, { transports, heartbeatMs, postLimitBytes }: Advice): void {
  memoryOf(url).advise({
    transports,
    heartbeatMs,
    ...(postLimitBytes === undefined ? {} : { postLimitBytes }),
  });
}

/** Takes it back: clients find out for themselves again. */
export function forgetAdvice(url: string): void {
  memoryOf(url).advise(null);
}

/** What was taken over for `url` on the kind of network of now; `null` when nothing was, or nothing can be kept. */
export function appliedAdvice(url: string): Advice | null {
  return memoryOf(url).read()?.advice ?? null;
}

/** True when the two are the same to a client. */
export function isSameAdvice(one: Advice, other: Advice): boolean {
  return (
    one.transports.join() === other.transports.join() &&
    one.heartbeatMs === other.heartbeatMs &&
    one.postLimitBytes === other.postLimitBytes
  );
}

function memoryOf(url: string): Memory {
  return new Memory(storage(), new URL(url), networkKind());
}
