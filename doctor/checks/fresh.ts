import { randomId } from '../../client/random-id.ts';
import { objectOf } from '../answer.ts';
import { defineCheck, skipped } from '../check-spec.ts';

const ASKED_AGAIN = 2;

export type FreshFacts = {
  readonly asked: number;
  /** Answers that are not like any before; a server says something new each time. */
  readonly different: number;
  /** Another query brought an answer that was there before: what is kept goes by the path alone. */
  readonly isQueryIgnored: boolean;
};

/** The same address several times: the number in the answer must be another one each time. */
export const fresh = defineCheck({
  id: 'fresh',
  title: 'Answers are fresh',
  async run(path) {
    // As pages ask that do not forbid caching: the answer itself forbids it.
    const ask = async (query = {}): Promise<unknown> =>
      objectOf(await path.ask(path.at('echo/info', query), { cache: 'default' }))?.['entropy'];
    const [other, ...answers] = await Promise.all([
      ask({ t: randomId() }),
      ...Array.from({ length: ASKED_AGAIN }, () => ask()),
    ]);
    const told = [path.known.reach?.entropy, ...answers];
    const numbers = told.filter((entropy) => typeof entropy === 'number');
    const seen = new Set(numbers);
    const asked = numbers.length;
    if (asked < 2) return skipped('Too few answers came.');
    const facts: FreshFacts = {
      asked,
      different: seen.size,
      isQueryIgnored: typeof other === 'number' && seen.has(other),
    };
    if (seen.size === asked)
      return { status: 'pass', detail: 'Each request gets an answer of its own.', facts };
    return {
      status: 'fail',
      detail: 'The same answer came twice: something on the way keeps answers.',
      facts,
    };
  },
});
