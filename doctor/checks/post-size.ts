import { kibibytes } from '../amounts.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import { readReflection } from '../reflection.ts';
import { climb } from './size-ladder.ts';

/** How large the body of a request may be. */
export const postSize = defineCheck({
  id: 'post-size',
  title: 'Large requests pass',
  async run(path) {
    if (path.known.post?.isAnswered !== true) return skipped('Requests with a body do not pass.');
    const facts = await climb(path.pace.roundTripMs, async (bytes) => {
      const body = 'x'.repeat(bytes);
      const headers = { 'content-type': 'text/plain' };
      for (let tries = 1; ; tries++) {
        const answer = await path.ask(path.at('doctor/mirror'), { method: 'POST', body, headers }, LONG_MS);
        const passes = readReflection(answer)?.bytes === bytes;
        // Where requests fail now and then it is not their size: only 413 says so.
        if (passes || answer.status === 413 || tries === TRIES) {
          return { passes, ms: answer.ms, status: answer.status };
        }
      }
    });
    if (facts.refusedBytes === null)
      return { status: 'pass', detail: `Up to ${kibibytes(facts.passedBytes)} pass.`, facts };
    const answered = facts.status === null ? '' : `: the answer is ${facts.status}`;
    return {
      status: 'fail',
      detail: `More than ${kibibytes(facts.passedBytes)} do not pass${answered}.`,
      facts,
    };
  },
});

const TRIES = 3;

/** Narrow links need their time, ms. */
const LONG_MS = 20_000;
