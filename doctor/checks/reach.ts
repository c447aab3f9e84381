import { seconds } from '../amounts.ts';
import { type Answer, describeAnswer, objectOf } from '../answer.ts';
import { defineCheck } from '../check-spec.ts';

/** Whoever does not answer in that time does not answer: a path so slow is no path for talking, ms. */
const PATIENCE_MS = 12_000;
const SAMPLES = 3;
/** After that no further sample is taken, ms. */
const BUDGET_MS = 1000;

export type ReachFacts = {
  readonly status: number | null;
  readonly failure: 'timeout' | 'broken' | null;
  /** The platform's name for what broke, where it has one. */
  readonly code: string | null;
  /** Until the first answer was there, connecting included. */
  readonly firstMs: number;
  /** Of the answers after the first: the median. */
  readonly roundTripMs: number;
  /** A page came where data was asked for: somebody else answered. */
  readonly isHtml: boolean;
  /** What came is what a SockJS server says. */
  readonly isSockJS: boolean;
  /** A number that is another one in each answer. */
  readonly entropy: number | null;
  /** The other side is there, but a page may not read what it says. */
  readonly isForbiddenToPages: boolean;
};

/** `/echo/info`: the first thing that every SockJS client could ask for. */
export const reach = defineCheck({
  id: 'reach',
  title: 'The server answers',
  async run(path) {
    const first = await path.ask(path.at('echo/info'), {}, PATIENCE_MS);
    let isForbiddenToPages = false;
    if (first.failure === null) {
      const end = path.environment.ticks() + BUDGET_MS;
      for (let i = 0; i < SAMPLES && path.environment.ticks() < end; i++) {
        const { failure, ms } = await path.ping(PATIENCE_MS);
        if (failure === null) path.pace.add(ms);
      }
    } else if (path.environment.extras.pageOrigin !== undefined) {
      const blind = await path.ask(path.at('echo/info'), { mode: 'no-cors' }, PATIENCE_MS);
      isForbiddenToPages = blind.failure === null;
    }
    const entropy = objectOf(first)?.['entropy'];
    const facts: ReachFacts = {
      status: first.status,
      failure: first.failure,
      code: first.code,
      firstMs: Math.round(first.ms),
      roundTripMs: Math.round(path.pace.roundTripMs),
      isHtml: first.failure === null && isPage(first),
      isSockJS: typeof entropy === 'number',
      entropy: typeof entropy === 'number' ? entropy : null,
      isForbiddenToPages,
    };
    if (facts.isSockJS)
      return { status: 'pass', detail: `It answers in ${seconds(path.pace.roundTripMs)}.`, facts };
    return { status: 'fail', detail: describe(facts, first), facts };
  },
});

function isPage({ type, text }: Answer): boolean {
  return type === 'text/html' || /^\s*<(?:!doctype|html)/i.test(text);
}

function describe({ isForbiddenToPages, isHtml, status }: ReachFacts, answer: Answer): string {
  if (isForbiddenToPages) return 'It is there, but does not let pages of this site read what it says.';
  if (isHtml) return `A page came where data was asked for (status ${String(status)}).`;
  if (status === 200) return 'What answers there is not Roomplex.';
  return `It was not reached: ${describeAnswer(answer)}.`;
}
