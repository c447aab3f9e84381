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
    const isDead = path.known.hold?.lines.some(({ fate, isIdle }) => isIdle && fate === 'dead') === true;
    if (isDead)
      return skipped('What is quiet dies so soon that requests wait for connections that are dead.');
    const facts = await climb(path.pace.roundTripMs, async (bytes, expectedMs) => {
      const body = 'x'.repeat(bytes);
      const headers = { 'content-type': 'text/plain' };
      const patienceMs = path.pace.patience(2500 + 2 * expectedMs, 4);
      for (let tries = 1; ; tries++) {
        const answer = await path.ask(
          path.at('doctor/mirror'),
          { method: 'POST', body, headers },
          patienceMs,
        );
        const { failure, ms, status } = answer;
        const passes = readReflection(answer)?.bytes === bytes;
        // What breaks may be chance; what is refused, or waited for, is not.
        if (passes || failure !== 'broken' || tries === TRIES) return { passes, ms, status };
      }
    });
    if (facts.refusedBytes === null)
      return { status: 'pass', detail: `Up to ${kibibytes(facts.passedBytes)} pass.`, facts };
    const answered = facts.status === null ? '' : `: the answer is ${facts.status}`;
    return {
      status: 'fail',
      detail: `More than ${kibibytes(facts.passedBytes)} do not pass${answered}.`,
      facts,
      isCertain: !path.isErring,
    };
  },
});

const TRIES = 3;
