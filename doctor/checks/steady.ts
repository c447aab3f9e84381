import { defineCheck, skipped } from '../check-spec.ts';

const REQUESTS = 100;
const AT_ONCE = 4;
/** After that no further ones begin, ms. */
const BUDGET_MS = 1500;

export type SteadyFacts = {
  readonly asked: number;
  /** The connection broke before the answer was there. */
  readonly broke: number;
  readonly late: number;
  readonly roundTripMs: number;
  readonly jitterMs: number;
};

/** Many small requests: shows what breaks now and then, and how long answers take. */
export const steady = defineCheck({
  id: 'steady',
  title: 'Requests come through every time',
  async run(path) {
    const { ticks } = path.environment;
    const end = ticks() + BUDGET_MS;
    let asked = 0;
    let broke = 0;
    let late = 0;
    const worker = async (): Promise<void> => {
      while (asked < REQUESTS && ticks() < end) {
        asked++;
        const { failure, ms } = await path.ping();
        if (failure === 'broken') broke++;
        else if (failure === 'timeout') late++;
        else path.pace.add(ms);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    if (asked === 0) return skipped('There was no time for it.');
    const facts: SteadyFacts = {
      asked,
      broke,
      late,
      roundTripMs: Math.round(path.pace.roundTripMs),
      jitterMs: Math.round(path.pace.jitterMs),
    };
    if (broke + late === 0) return { status: 'pass', detail: `${asked} of ${asked} requests were answered.`, facts };
    return { status: 'warn', detail: `${broke + late} of ${asked} requests were not answered.`, facts };
  },
});
