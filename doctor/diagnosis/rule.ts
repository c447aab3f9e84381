import type { Known } from '../facts.ts';
import type { ClientFacts, Remedy, Severity } from '../report.ts';

/** What is judged. */
export interface Seen {
  readonly known: Known;
  readonly url: URL;
  readonly client: ClientFacts;
}

/** What a rule sees, where it applies. */
export interface Sight {
  readonly severity: Severity;
  readonly title: string;
  /** At least one. */
  readonly evidence: readonly string[];
  readonly remedy: Remedy;
}

/** One behaviour, and how to know it. */
export interface Rule {
  /** Stable, for programs. */
  readonly id: string;
  /** `null`: it does not apply. */
  look(seen: Seen): Sight | null;
}

export const NOTHING_TO_DO = 'Nothing needs to be done.';
