import { seconds } from '../amounts.ts';
import { type Answer, describeAnswer, isPage, objectOf } from '../answer.ts';
import { defineCheck, type Outcome } from '../check-spec.ts';
import type { ProxyLook } from '../environment.ts';
import type { Path } from '../path.ts';

/** Whoever does not answer in that time does not answer: a path so slow is no path for talking, ms. */
const PATIENCE_MS = 12_000;
/** Once is chance: after that it is asked a second time, while the first may still be answered, ms. */
const SECOND_AFTER_MS = 4000;
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
  /** The answer leads to another address. */
  readonly isRedirect: boolean;
  /** Whose address that is, as far as it is known: an origin. */
  readonly leadsTo: string | null;
  /** What came is what a SockJS server says. */
  readonly isSockJS: boolean;
  /** A number that is another one in each answer. */
  readonly entropy: number | null;
  /** The other side is there, but a page may not read what it says. */
  readonly isForbiddenToPages: boolean;
  /** Who signed a certificate that is not trusted, where that can be known. */
  readonly issuer: string | null;
  /** What is known of the proxy that is named, where the server is not reached through it. */
  readonly proxy: ProxyLook | null;
};

/** `/echo/info`: the first thing that every SockJS client could ask for. */
export const reach = defineCheck({
  id: 'reach',
  title: 'The server answers',
  async run(path): Promise<Outcome<ReachFacts>> {
    const { extras } = path.environment;
    const first = await askTwice(path);
    const entropy = objectOf(first)?.['entropy'];
    const isSockJS = typeof entropy === 'number';
    if (isSockJS) await measure(path);
    const isBroken = first.failure === 'broken';
    const isEncrypted = path.base.protocol === 'https:';
    const isBlind = first.failure !== null && extras.pageOrigin !== undefined;
    const blind = isBlind ? await path.ask(infoOf(path), { mode: 'no-cors', redirect: 'follow' }) : null;
    const followed = first.isRedirect ? await path.ask(infoOf(path), { redirect: 'follow' }) : first;
    const facts: ReachFacts = {
      status: first.status,
      failure: first.failure,
      code: first.code,
      firstMs: Math.round(first.ms),
      roundTripMs: Math.round(path.pace.roundTripMs),
      isHtml: followed.failure === null && isPage(followed),
      isRedirect: first.isRedirect,
      leadsTo: originOf(first.headers.get('location'), path.base),
      isSockJS,
      entropy: isSockJS ? entropy : null,
      isForbiddenToPages: blind?.failure === null,
      issuer: isBroken && isEncrypted ? ((await extras.certificateIssuer?.(path.base)) ?? null) : null,
      proxy: isSockJS ? null : ((await extras.lookAtProxy?.()) ?? null),
    };
    if (isSockJS)
      return { status: 'pass', detail: `It answers in ${seconds(path.pace.roundTripMs)}.`, facts };
    return { status: 'fail', detail: describe(facts, first), facts, isCertain: true };
  },
});

function infoOf(path: Path): URL {
  return path.at('echo/info');
}

/** The better of two answers, where the first is none, or is late. */
async function askTwice(path: Path): Promise<Answer> {
  const isThere = new AbortController();
  const ask = async (patienceMs: number): Promise<Answer> => {
    const answer = await path.ask(infoOf(path), {}, patienceMs);
    isThere.abort();
    return answer;
  };
  const first = ask(PATIENCE_MS);
  await path.pause(SECOND_AFTER_MS, isThere.signal);
  if (isThere.signal.aborted && (await first).failure === null) return await first;
  const second = ask(PATIENCE_MS - SECOND_AFTER_MS);
  const quicker = await Promise.race([first, second]);
  if (quicker.failure === null) return quicker;
  return (await first).failure === null ? await first : await second;
}

async function measure(path: Path): Promise<void> {
  const end = path.environment.ticks() + BUDGET_MS;
  for (let i = 0; i < SAMPLES && path.environment.ticks() < end; i++) {
    const { failure, ms, status } = await path.ping(PATIENCE_MS);
    if (failure === null && status === 200) path.pace.add(ms);
  }
}

function originOf(location: string | null, base: URL): string | null {
  return location !== null && URL.canParse(location, base) ? new URL(location, base).origin : null;
}

function describe({ isForbiddenToPages, isHtml, status }: ReachFacts, answer: Answer): string {
  if (isForbiddenToPages) return 'It is there, but does not let pages of this site read what it says.';
  if (isHtml) return `A page came where data was asked for (status ${String(status)}).`;
  if (status === 200) return 'What answers there is not Roomplex.';
  return `It was not reached: ${describeAnswer(answer)}.`;
}
