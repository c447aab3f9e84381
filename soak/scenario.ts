import type { Findings } from './audit/findings.ts';
import type { SeededRandom } from './random.ts';

/** How a scenario is asked to run. */
export interface Terms {
  readonly seed: number;
  readonly random: SeededRandom;
  /** A short look, as in `npm test`. */
  readonly isBrief: boolean;
  /** How often what a scenario repeats is done; `undefined`: as often as it thinks right. */
  readonly rounds: number | undefined;
  /** Tells how far it is, where anybody has the time to read that. */
  readonly progress: (line: string) => void;
  /** Tells what has gone wrong, in words that help to find out why. */
  readonly warn: (line: string) => void;
  /** To be told when a server ends that nobody asked to: the scenario has failed. */
  readonly onCrash: (what: string) => void;
}

/** What came of a scenario. */
export interface Result {
  readonly findings: Findings;
  /** Figures that fit into no column. */
  readonly notes: readonly string[];
}

/** This machine cannot do it. */
export class Skipped extends Error {}

export interface Scenario {
  readonly name: string;
  /** What it does to the server or the network, in one line. */
  readonly about: string;
  /** True for one that mostly waits, so that others may run beside it. */
  readonly isQuiet?: boolean;
  /** True for one that cannot be brief; it is run only when nobody asks for that, or by its name. */
  readonly isLong?: boolean;
  /** @throws Skipped with the reason. */
  readonly run: (terms: Terms) => Promise<Result>;
}
