import type { Step } from './step.ts';

/** Schedules that once went wrong, by what was wrong. */
export const KNOWN_SCHEDULES: ReadonlyMap<string, readonly Step[]> = new Map();
