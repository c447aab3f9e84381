import fc from 'fast-check';
import { Findings } from '../audit/findings.ts';
import { KNOWN_SCHEDULES } from '../model/known-schedules.ts';
import { play } from '../model/play.ts';
import { schedules, type Step } from '../model/step.ts';
import type { Result, Scenario, Terms } from '../scenario.ts';
import { ServerProcess } from '../subject/server-process.ts';
import { withFolder } from '../subject/with-folder.ts';

/** So short that a burst can trim what somebody has not seen. */
const HISTORY = 30;

/** Any schedule of joins, leaves, messages, cuts, changes of transport and restarts, against what must come of it. */
export const model: Scenario = {
  name: 'model',
  about:
    'random schedules of joins, leaves, messages, cuts, changes of transport and kill -9, against a model',
  run: (terms) => withFolder((data) => run(terms, data)),
};

async function run(
  { seed, isBrief, rounds = isBrief ? 12 : 400, warn, onCrash }: Terms,
  data: string,
): Promise<Result> {
  const server = await ServerProcess.start({ data, args: ['--limit', `history=${HISTORY}`], onCrash });
  const findings = new Findings();
  let wrong: Findings | undefined;
  let played = 0;
  const tryOut = async (schedule: readonly Step[]): Promise<boolean> => {
    const found = await play(server, `schedule ${++played}`, schedule);
    const [fault] = found.faults;
    if (fault === undefined) {
      findings.include(found);
      return true;
    }
    wrong = found;
    warn(`${fault.kind} (${fault.what}) in ${JSON.stringify(schedule)}`);
    return false;
  };
  try {
    for (const [name, schedule] of KNOWN_SCHEDULES) {
      if (!(await tryOut(schedule))) warn(`which is known: ${name}`);
    }
    await fc.check(fc.asyncProperty(schedules, tryOut), { seed, numRuns: rounds, endOnFailure: isBrief });
    // Of the shortest schedule that went wrong.
    if (wrong !== undefined) findings.include(wrong);
    findings.add('restarts', server.starts - 1);
    return { findings, notes: [`${played} schedules`] };
  } finally {
    await server.kill();
  }
}
