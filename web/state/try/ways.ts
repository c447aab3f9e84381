import type { TransportName } from '../../../client/index.ts';
import { TRANSPORTS } from '../transport-choice.ts';

/**
 * A way to reach a protocol: `raw`, a WebSocket at its path; the name of a transport, a SockJS session over that
 * transport alone; `channel`, a channel on `/multiplex`; and for Socket.IO its own client or its bare frames.
 */
export type Way = 'raw' | TransportName | 'channel' | 'socket.io' | 'socket.io-polling' | 'engine.io';

/** How a way is offered. */
export interface WayFace {
  readonly way: Way;
  readonly group: string;
  readonly text: string;
}

const SOCKJS: readonly TransportName[] = TRANSPORTS.map(({ name }) => name);

/** The ways to a protocol with an address and no topic. */
export const SOCKET_WAYS: readonly Way[] = ['raw', ...SOCKJS];
/** The ways to a protocol that is also a topic on `/multiplex`. */
export const ALL_WAYS: readonly Way[] = [...SOCKET_WAYS, 'channel'];

const OTHERS: readonly WayFace[] = [
  { way: 'raw', group: 'At its path', text: 'WebSocket' },
  { way: 'channel', group: 'Shared connection', text: 'Channel on /multiplex' },
  { way: 'engine.io', group: 'Bare frames', text: 'WebSocket, frames as they travel' },
  { way: 'socket.io', group: 'Its own client', text: 'Socket.IO client' },
  { way: 'socket.io-polling', group: 'Its own client', text: 'Socket.IO client, polling only' },
];

const FACES: ReadonlyMap<Way, WayFace> = new Map(
  [...OTHERS, ...SOCKJS.map((way): WayFace => ({ way, group: 'SockJS over', text: way }))].map((face) => [
    face.way,
    face,
  ]),
);

/** Ways by group, in the order they are given. */
export function groupWays(ways: readonly Way[]): ReadonlyMap<string, readonly WayFace[]> {
  const groups = new Map<string, WayFace[]>();
  for (const way of ways) {
    const face = FACES.get(way);
    if (face === undefined) continue;
    const group = groups.get(face.group) ?? [];
    groups.set(face.group, group);
    group.push(face);
  }
  return groups;
}

/** True for the transports of SockJS. */
export function isSockJS(way: Way): way is TransportName {
  return SOCKJS.some((name) => name === way);
}
