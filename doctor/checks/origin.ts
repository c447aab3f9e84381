import { defineCheck, skipped } from '../check-spec.ts';
import { readReflection } from '../reflection.ts';

export type OriginFacts = {
  /** The page is of the same origin as the server. */
  readonly isSame: boolean;
  /** The server lets pages of that origin in. */
  readonly isTrusted: boolean;
  readonly verdict: string;
};

/** Whether a page may connect: this one, or, where there is none, one of the server's own. */
export const origin = defineCheck({
  id: 'origin',
  title: 'Pages may connect',
  async run(path) {
    const { mayNameOrigin, pageOrigin } = path.environment.extras;
    if (pageOrigin === undefined && mayNameOrigin !== true) return skipped('There is no page here.');
    const headers: Record<string, string> = { 'content-type': 'text/plain' };
    if (pageOrigin === undefined) headers['origin'] = path.base.origin;
    // What browsers say of themselves where nobody on the way reads along.
    if (pageOrigin === undefined && isTrustworthy(path.base)) headers['sec-fetch-site'] = 'same-origin';
    const answer = await path.ask(path.at('doctor/mirror'), { method: 'POST', body: '[]', headers });
    // Where a body does not pass, the header alone has to do.
    const reflection =
      readReflection(answer) ?? readReflection(await path.ask(path.at('doctor/mirror'), { headers }));
    // Where nobody may ask the mirror, that says nothing of origins.
    const isTold = answer.status === 403 && path.known.mirror !== undefined;
    if (reflection === null && !isTold) return skipped('The mirror did not answer.');
    const verdict = reflection?.origin ?? 'refused';
    const facts: OriginFacts = {
      isSame: pageOrigin === undefined || pageOrigin === path.base.origin,
      isTrusted: verdict === 'trusted' || verdict === 'none',
      verdict,
    };
    if (facts.isTrusted) return { status: 'pass', detail: 'The server lets pages of this site in.', facts };
    const who = facts.isSame ? 'its own site' : 'this site';
    return { status: 'fail', detail: `The server does not let pages of ${who} in.`, facts };
  },
});

/** As the platform sees it: encrypted, or this very computer. */
function isTrustworthy({ hostname, protocol }: URL): boolean {
  return protocol === 'https:' || /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
}
