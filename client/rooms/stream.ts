import type { Position } from '../../protocol/rooms.ts';
import type { RoomGap } from '../types.ts';

/** What a new position means for the order that listeners see. */
export type Step =
  | { readonly type: 'next'; readonly gap: RoomGap | null }
  /** Seen already. */
  | { readonly type: 'old' };

/** How far a room's stream was followed; finds what is missing from it and what came twice. */
export class Stream {
  #position: Position | null = null;

  get position(): Position | null {
    return this.#position;
  }

  /** Goes on from where a JOIN answer says the stream is, and says what was missed since the last time. */
  resume(now: Position | null): RoomGap | null {
    const before = this.#position;
    this.#position = now;
    if (before === null) return null;
    if (now === null) return { reason: 'unknown', missing: null };
    if (now.epoch !== before.epoch) return { reason: 'epoch-changed', missing: null };
    // An offset that went back: the server lost publications and gives their numbers away again.
    if (now.offset < before.offset) return { reason: 'rolled-back', missing: null };
    if (now.offset === before.offset) return null;
    return { reason: 'disconnected', missing: now.offset - before.offset };
  }

  /** Follows one publication. */
  advance(to: Position): Step {
    const before = this.#position;
    if (before === null) {
      this.#position = to;
      return { type: 'next', gap: null };
    }
    if (to.epoch !== before.epoch) {
      this.#position = to;
      return { type: 'next', gap: { reason: 'epoch-changed', missing: null } };
    }
    if (to.offset <= before.offset) return { type: 'old' };
    this.#position = to;
    const missing = to.offset - before.offset - 1;
    return { type: 'next', gap: missing === 0 ? null : { reason: 'skipped', missing } };
  }
}
