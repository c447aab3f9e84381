import { STOCK_TRANSPORTS, type Way } from '../transports/open-line.ts';
import type { TransportName } from '../types.ts';

/** Transports that are cut for the same reasons. */
export type Kind = 'websocket' | 'stream' | 'poll' | 'stock';

/** One way to try: a transport of our own, or all that `sockjs-client` carries, which it tries by itself. */
export interface Rung {
  /** The first of its transports. */
  readonly name: TransportName;
  readonly kind: Kind;
  /** 0 is the best. */
  readonly rank: number;
  readonly way: Way;
}

const OWN = [
  ['websocket', 'websocket'],
  ['xhr-streaming', 'stream'],
  ['eventsource', 'stream'],
  ['xhr-polling', 'poll'],
] as const satisfies readonly (readonly [TransportName, Kind])[];

/** Every transport there is, best first. */
export const ALL_TRANSPORTS: readonly TransportName[] = [...OWN.map(([name]) => name), ...STOCK_TRANSPORTS];

/** The rungs that these transports make, best first. */
export function rungsOf(transports: readonly TransportName[]): Rung[] {
  const rungs: Rung[] = OWN.flatMap(([name, kind], rank) =>
    transports.includes(name) ? [{ name, kind, rank, way: name }] : [],
  );
  const way = STOCK_TRANSPORTS.filter((name) => transports.includes(name));
  const [name] = way;
  if (name !== undefined) rungs.push({ name, kind: 'stock', rank: OWN.length, way });
  return rungs;
}
