import type { Gap, Position } from '../../protocol/rooms.ts';
import type { StoredRoom } from './engine.ts';

/** From where a member can go on, and what it will never get. */
export interface Recovery {
  /** Everything with a greater offset is there, or will be. */
  readonly from: number;
  readonly gap: Gap | undefined;
}

/** What can be made up for to somebody who followed the room up to a position. */
export function recover(since: Position, { position, first }: StoredRoom): Recovery {
  if (since.epoch !== position.epoch) {
    return { from: position.offset, gap: { reason: 'epoch-changed', missing: null } };
  }
  if (since.offset > position.offset) {
    return { from: position.offset, gap: { reason: 'rolled-back', missing: null } };
  }
  const missing = first - 1 - since.offset;
  if (missing > 0) return { from: first - 1, gap: { reason: 'trimmed', missing } };
  return { from: since.offset, gap: undefined };
}
