import { defineCheck, skipped } from '../check-spec.ts';

const REQUESTS = 100;
/** Browsers mend what breaks by themselves and take longer. */
const FEWER_REQUESTS = 40;
const AT_ONCE = 4;
/** After that no further ones begin, ms. */
const BUDGET_MS = 2500;
/** What takes so much longer than most has stalled, ms. */
const STALL_MS = 300;

export type SteadyFacts = {
  readonly asked: number;
  /** The connection broke before the answer was there. */
  readonly broke: number;
  readonly late: number;
  /** The median. */
  readonly roundTripMs: number;
  /** What three of four answers do not undercut. */
  readonly plainMs: number;
  /** Moments at which answers came that had stalled. */
  readonly stalls: number;
};

/** Many small requests: shows what breaks now and then, and how long answers take. */
export const steady = defineCheck({
  id: 'steady',
  title: 'Requests come through every time',
  async run(path) {
    const { ticks } = path.environment;
    const requests = path.environment.client.kind === 'browser' ? FEWER_REQUESTS : REQUESTS;
    const end = ticks() + BUDGET_MS;
    let asked = 0;
    let broke = 0;
    let late = 0;
    const answers: Answered[] = [];
    const worker = async (): Promise<void> => {
      while (asked < requests && ticks() < end) {
        asked++;
        const { failure, ms } = await path.ping();
        if (failure === 'broken') broke++;
        else if (failure === 'timeout') late++;
        else {
          path.pace.add(ms);
          answers.push({ ms, endedAt: ticks() });
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (asked === 0) return skipped('There was no time for it.');
    const facts: SteadyFacts = {
      asked,
      broke,
      late,
      roundTripMs: Math.round(path.pace.roundTripMs),
      plainMs: Math.round(path.pace.plainMs),
      stalls: countStalls(answers, path.pace.roundTripMs),
    };
    if (broke + late === 0)
      return { status: 'pass', detail: `${asked} of ${asked} requests were answered.`, facts };
    return { status: 'warn', detail: `${broke + late} of ${asked} requests were not answered.`, facts };
  },
});

interface Answered {
  readonly ms: number;
  readonly endedAt: number;
}

/** Answers that come together had one cause, and that may be this computer. */
function countStalls(answers: readonly Answered[], roundTripMs: number): number {
  const limitMs = roundTripMs + Math.max(STALL_MS, roundTripMs / 2);
  const ends = answers.filter(({ ms }) => ms > limitMs).map(({ endedAt }) => endedAt);
  return ends
    .toSorted((a, b) => a - b)
    .filter((end, i, all) => end - (all[i - 1] ?? -Infinity) > STALL_MS / 6).length;
}
