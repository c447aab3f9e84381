import type { Position } from '../../protocol/rooms.ts';

/**
 * The position of a publication, once the engine has accepted it for good. An engine that knows at once says
 * so at once: a promise for every message would be a good part of what a message costs.
 */
export type Acceptance = Position | Promise<Position>;

/** Runs `then` with the position: now, or when there is one. A refusal passes through as the rejection it is. */
export function whenAccepted(
  acceptance: Acceptance,
  then: (position: Position) => void,
): Promise<void> | undefined {
  if (acceptance instanceof Promise) return acceptance.then(then);
  then(acceptance);
  return undefined;
}
