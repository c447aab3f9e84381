import { seconds } from '../amounts.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import { readReflection } from '../reflection.ts';

const SAMPLES = 4;
/** After that no further sample is taken, ms. */
const BUDGET_MS = 1000;
/** Beyond it tokens and times of day go wrong, ms. */
const TOLERABLE_MS = 60_000;

export type ClockFacts = {
  /** How far this clock is ahead of the server's. */
  readonly skewMs: number;
  /** It may be wrong by as much. */
  readonly uncertainMs: number;
  /** What to add to ticks to get the server's time. */
  readonly serverOffsetMs: number;
};

/** Stamps of the server against this clock, the quickest answer counts. */
export const clock = defineCheck({
  id: 'clock',
  title: 'The clocks agree',
  async run(path) {
    const { clock: here, ticks } = path.environment;
    let best: { readonly ms: number; readonly offset: number } | null = null;
    const end = ticks() + BUDGET_MS;
    for (let i = 0; i < SAMPLES && ticks() < end; i++) {
      const answer = await path.ping();
      const reflection = readReflection(answer);
      if (reflection === null) continue;
      if (best !== null && best.ms <= answer.ms) continue;
      best = { ms: answer.ms, offset: reflection.at - (answer.sentAt + answer.ms / 2) };
    }
    if (best === null) return skipped('The mirror did not answer.');
    if (path.known.fresh !== undefined && path.known.fresh.different < path.known.fresh.asked)
      return skipped('Something on the way keeps answers, so their stamps say nothing.');
    // JSON knows no -0.
    const skewMs = Math.round(here.now() - ticks() - best.offset) || 0;
    const facts: ClockFacts = { skewMs, uncertainMs: Math.round(best.ms / 2), serverOffsetMs: best.offset };
    if (Math.abs(skewMs) <= TOLERABLE_MS + facts.uncertainMs)
      return { status: 'pass', detail: describe(facts), facts };
    return { status: 'warn', detail: describe(facts), facts };
  },
});

function describe({ skewMs, uncertainMs }: ClockFacts): string {
  const off = Math.abs(skewMs);
  if (off <= Math.max(1000, uncertainMs)) return 'They agree.';
  return `This clock is ${seconds(off)} ${skewMs > 0 ? 'ahead of' : 'behind'} that of the server.`;
}
