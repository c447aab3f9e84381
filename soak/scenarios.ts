import type { Scenario } from './scenario.ts';
import { counter } from './scenarios/counter.ts';
import { cuts, shortHistory } from './scenarios/cuts.ts';
import { fullDisk, slowDisk } from './scenarios/disk.ts';
import { everyByte } from './scenarios/every-byte.ts';
import { alarm, kill } from './scenarios/kill.ts';
import { laggards } from './scenarios/laggards.ts';
import { largeStore } from './scenarios/large-store.ts';
import { model } from './scenarios/model.ts';
import { powerCut } from './scenarios/power-cut.ts';
import { presence } from './scenarios/presence.ts';
import { stall } from './scenarios/stall.ts';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  alarm,
  kill,
  powerCut,
  counter,
  everyByte,
  cuts,
  shortHistory,
  laggards,
  model,
  stall,
  slowDisk,
  fullDisk,
  largeStore,
  presence,
];
