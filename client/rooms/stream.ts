import type { Gap, JoinAnswer, Position } from '../../protocol/rooms.ts';
import type { RoomGap } from '../types.ts';

/** What a new position means for the order that listeners see. */
export type Step =
  | { readonly type: 'next'; readonly gap: RoomGap | null; readonly isReplayed: boolean }
  /** Seen already. */
  | { readonly type: 'old' };

/** How far a room's stream was followed; finds what is missing from it and what came twice. */
export class Stream {
  #position: Position | null = null;
  /** Where the stream was at the last join: nothing up to there is live. */
  #joinedAt: Position | null = null;
  /** Nobody was promised what has no greater offset, so nobody is told when it does not come. */
  #promisedAfter = 0;

  get position(): Position | null {
    return this.#position;
  }

  /** Begins where the answer to the first JOIN says, or so many messages before if history has them. */
  begin(answer: JoinAnswer, history: number): void {
    const now = positionOf(answer);
    this.#joinedAt = now;
    this.#promisedAfter = now?.offset ?? 0;
    this.#position = now && { ...now, offset: Math.max(0, now.offset - history) };
  }

  /** Goes on after another JOIN; answers what of the time between will not come. */
  resume(answer: JoinAnswer): RoomGap | null {
    const before = this.#position;
    const now = positionOf(answer);
    this.#joinedAt = now;
    if (before === null || now === null) return this.#restart(now, { reason: 'unknown', missing: null });
    const { gap } = answer;
    if (now.epoch !== before.epoch)
      return this.#restart(now, gap ?? { reason: 'epoch-changed', missing: null });
    // An offset that went back: the server lost publications and gives their numbers away again.
    if (now.offset < before.offset)
      return this.#restart(now, gap ?? { reason: 'rolled-back', missing: null });
    if (gap !== undefined) return gap.missing === null ? this.#restart(now, gap) : this.skip(gap);
    if (answer.recovered === true) return null;
    return this.#jump(now.offset, 'skipped');
  }

  /** Follows one publication. */
  advance(to: Position): Step {
    const before = this.#position;
    const isReplayed = to.epoch === this.#joinedAt?.epoch && to.offset <= this.#joinedAt.offset;
    if (before?.epoch !== to.epoch) {
      const gap = before && this.#restart(to, { reason: 'epoch-changed', missing: null });
      this.#position = to;
      return { type: 'next', gap, isReplayed };
    }
    if (to.offset <= before.offset) return { type: 'old' };
    const gap = this.#jump(to.offset - 1, 'skipped');
    this.#position = to;
    this.#promisedAfter = Math.min(this.#promisedAfter, to.offset);
    return { type: 'next', gap, isReplayed };
  }

  /** Follows what the server says will not come; answers what of it was promised. */
  skip({ reason, missing }: Gap): RoomGap | null {
    if (this.#position !== null && missing !== null)
      return this.#jump(this.#position.offset + missing, reason);
    // Whatever comes next is the next.
    this.#promisedAfter = Infinity;
    return { reason, missing };
  }

  #restart(at: Position | null, gap: RoomGap): RoomGap {
    this.#position = at;
    this.#promisedAfter = 0;
    return gap;
  }

  #jump(offset: number, reason: RoomGap['reason']): RoomGap | null {
    const before = this.#position;
    if (before === null) return null;
    const missing = offset - Math.max(before.offset, this.#promisedAfter);
    this.#position = { ...before, offset };
    return missing > 0 ? { reason, missing } : null;
  }
}

function positionOf({ epoch, offset }: JoinAnswer): Position | null {
  return epoch !== undefined && offset !== undefined ? { epoch, offset } : null;
}
