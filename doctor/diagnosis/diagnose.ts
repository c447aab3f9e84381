import type { Finding, Severity } from '../report.ts';
import { LASTING } from './lasting.ts';
import { QUALITY } from './quality.ts';
import { REACHING } from './reaching.ts';
import { REQUESTS } from './requests.ts';
import type { Rule, Seen } from './rule.ts';
import { STREAMS } from './streams.ts';
import { SURROUNDINGS } from './surroundings.ts';
import { WEBSOCKETS } from './websockets.ts';

/** Every behaviour that has a name. */
export const RULES: readonly Rule[] = [
  ...REACHING,
  ...WEBSOCKETS,
  ...REQUESTS,
  ...STREAMS,
  ...LASTING,
  ...QUALITY,
  ...SURROUNDINGS,
];

const WEIGHT: Readonly<Record<Severity, number>> = { fail: 0, warn: 1, info: 2 };

/** Names what is in the way, worst first. */
export function diagnose(seen: Seen): readonly Finding[] {
  const findings = RULES.flatMap((rule) => {
    const sight = rule.look(seen);
    return sight === null ? [] : [{ id: rule.id, ...sight }];
  });
  return findings.toSorted((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity]);
}
