import type { Revision, SetEntry } from '../../protocol/rooms.ts';

/** What somebody was told of a change of a room's state. */
export type ChangeOutcome =
  | { readonly type: 'accepted'; readonly revision: Revision }
  /** A condition did not hold, or it was refused for another reason: nothing has happened. */
  | { readonly type: 'refused' }
  /** Nobody can tell. */
  | { readonly type: 'unknown' };

/** One change that somebody wanted, and what it was told. */
export interface ChangeClaim {
  readonly entries: readonly SetEntry[];
  outcome: ChangeOutcome | undefined;
}

/** All changes that were wanted of one room's state. */
export class ChangeClaims {
  readonly #claims: ChangeClaim[] = [];
  #newest = 0;

  get all(): readonly ChangeClaim[] {
    return this.#claims;
  }

  /** The greatest revision that anybody was told so far: no later look may show less. */
  get newest(): number {
    return this.#newest;
  }

  sent(entries: readonly SetEntry[]): ChangeClaim {
    const claim: ChangeClaim = { entries, outcome: undefined };
    this.#claims.push(claim);
    return claim;
  }

  settled(claim: ChangeClaim, outcome: ChangeOutcome): void {
    claim.outcome = outcome;
    if (outcome.type === 'accepted') this.#newest = Math.max(this.#newest, outcome.revision.rev);
  }
}
