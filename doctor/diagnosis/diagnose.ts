import type { Finding, Severity } from '../report.ts';
import { LASTING } from './lasting.ts';
import { QUALITY } from './quality.ts';
import { REACHING } from './reaching.ts';
import { REQUESTS } from './requests.ts';
import type { Rule, Seen } from './rule.ts';
import { STREAMS } from './streams.ts';
import { SURROUNDINGS } from './surroundings.ts';
import { unexplained } from './unexplained.ts';
import { WEBSOCKETS } from './websockets.ts';

/** Every behaviour that has a name wherever it is seen from, the last for what has none. */
export const RULES: readonly Rule[] = [
  ...REACHING,
  ...WEBSOCKETS,
  ...REQUESTS,
  ...STREAMS,
  ...LASTING,
  ...QUALITY,
  ...SURROUNDINGS,
  unexplained,
];

const WEIGHT: Readonly<Record<Severity, number>> = { fail: 0, warn: 1, info: 2 };

/**
 * Names what is in the way, worst first. `causes`: why nothing is reached, as far as the platform can tell; where one of
 * these applies, it says more than what everybody sees.
 */
export function diagnose(seen: Seen, causes: readonly Rule[]): readonly Finding[] {
  const named = find(seen, causes);
  if (named.length > 0) return named;
  const findings = find(
    seen,
    RULES.filter((rule) => rule !== unexplained),
  );
  const isNamed = findings.some(({ severity }) => severity !== 'info');
  const all = isNamed ? findings : [...find(seen, [unexplained]), ...findings];
  return all.toSorted((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}

function find(seen: Seen, rules: readonly Rule[]): readonly Finding[] {
  return rules.flatMap((rule) => {
    const sight = rule.look(seen);
    return sight === null ? [] : [{ id: rule.id, ...sight }];
  });
}
