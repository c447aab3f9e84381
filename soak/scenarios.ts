import type { Scenario } from './scenario.ts';
import { alarm, kill } from './scenarios/kill.ts';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [alarm, kill];
