import type { Results } from './results.ts';
import type { ScenarioName } from './scenarios.ts';
import type { SubjectName } from './subjects.ts';

/** A ratio the product is not to exceed. */
export interface Goal {
  readonly scenario: ScenarioName;
  readonly peer: SubjectName;
  readonly atMost: number;
}

const GOALS: readonly Goal[] = [
  { scenario: 'fan-out', peer: 'ws-preframed', atMost: 1 },
  { scenario: 'fan-out-16', peer: 'ws-preframed', atMost: 0.2 },
  { scenario: 'fan-out-10p', peer: 'ws-preframed', atMost: 0.22 },
  { scenario: 'many-rooms', peer: 'ws-preframed', atMost: 0.95 },
  { scenario: 'ping-pong', peer: 'ws-preframed', atMost: 1.1 },
  { scenario: 'join-storm', peer: 'ws-send', atMost: 1.15 },
  { scenario: 'idle-memory', peer: 'ws-send', atMost: 1.3 },
  { scenario: 'fan-out', peer: 'sockjs-multiplex', atMost: 0.45 },
  { scenario: 'fan-out-16', peer: 'sockjs-multiplex', atMost: 0.1 },
  { scenario: 'many-rooms', peer: 'sockjs-multiplex', atMost: 0.5 },
  { scenario: 'join-storm', peer: 'sockjs-multiplex', atMost: 0.5 },
  { scenario: 'idle-memory', peer: 'sockjs-multiplex', atMost: 0.5 },
];

/** The subject the goals are for: the product as browsers meet it. */
export const MEASURED: SubjectName = 'roomplex';

export interface Verdict extends Goal {
  readonly ratio: number;
  readonly isMet: boolean;
}

/** Holds the results against every goal whose two sides were measured. */
export function judge(results: Results): Verdict[] {
  return GOALS.map((goal) => {
    const ratio = results.ratio(goal.scenario, MEASURED, goal.peer);
    return { ...goal, ratio, isMet: ratio <= goal.atMost };
  }).filter(({ ratio }) => !Number.isNaN(ratio));
}
