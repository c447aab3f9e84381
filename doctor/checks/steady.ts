import { defineCheck, skipped } from '../check-spec.ts';
import { readReflection } from '../reflection.ts';

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
  /** Answers that were errors: by status, how often. */
  readonly errors: Readonly<Record<string, number>>;
  /** As the server tells the addresses apart that requests come from: the most that one server saw. */
  readonly networks: number;
  /** Processes that answered, as far as they tell. */
  readonly servers: number;
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
    const errors = new Map<string, number>();
    const networksOf = new Map<string, Set<string>>();
    const answers: Answered[] = [];
    const worker = async (): Promise<void> => {
      while (asked < requests && ticks() < end) {
        asked++;
        const answer = await path.ping();
        const { failure, ms, status } = answer;
        const error = String(status ?? 'redirect');
        if (failure === 'broken') broke++;
        else if (failure === 'timeout') late++;
        else if (status !== 200) errors.set(error, (errors.get(error) ?? 0) + 1);
        else {
          const { network, server } = readReflection(answer) ?? {};
          if (network !== undefined && server !== undefined)
            networksOf.set(server, (networksOf.get(server) ?? new Set()).add(network));
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
      errors: Object.fromEntries(errors),
      networks: Math.max(0, ...[...networksOf.values()].map(({ size }) => size)),
      servers: networksOf.size,
      roundTripMs: Math.round(path.pace.roundTripMs),
      plainMs: Math.round(path.pace.plainMs),
      stalls: countStalls(answers, path.pace.roundTripMs),
    };
    const failed = [...errors.values()].reduce((sum, count) => sum + count, 0);
    if (broke + late + failed === 0)
      return { status: 'pass', detail: `${asked} of ${asked} requests were answered.`, facts };
    const said = [
      ...(broke + late > 0 ? [`${broke + late} of ${asked} requests were not answered.`] : []),
      ...(failed > 0 ? [`${failed} of ${asked} were answered with an error.`] : []),
    ];
    return { status: 'warn', detail: said.join(' '), facts };
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
