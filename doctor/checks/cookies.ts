import { defineCheck, skipped } from '../check-spec.ts';

export type CookieFacts = { readonly areKept: boolean };

/** Roomplex needs none; load balancers may. */
export const cookies = defineCheck({
  id: 'cookies',
  title: 'Cookies',
  async run({ environment }) {
    const { tryCookie } = environment.extras;
    if (tryCookie === undefined) return skipped('Only a browser keeps cookies.');
    const facts: CookieFacts = { areKept: tryCookie() };
    if (facts.areKept) return { status: 'pass', detail: 'The browser keeps them.', facts };
    return { status: 'warn', detail: 'The browser keeps none.', facts };
  },
});
