import type { RoomMessage } from '../../client/index.ts';

/** A message as a room tells it; by bob, in the epoch `e1`, unless `more` says otherwise. */
export function said(offset: number, data: unknown, more: Partial<RoomMessage> = {}): RoomMessage {
  return {
    room: 'r',
    sender: 'bob',
    senderId: 'bob-id',
    data,
    epoch: 'e1',
    offset,
    at: 1_000 + offset,
    replayed: false,
    ...more,
  };
}

/** The messages with the offsets `from` to `to`, each saying its own. */
export function saidFrom(from: number, to: number, more: Partial<RoomMessage> = {}): RoomMessage[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => said(from + i, `${from + i}`, more));
}
