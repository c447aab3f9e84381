import type { Check, Finding, Report } from '../../doctor/report.ts';

/** One check in two reports; `null` in the one that does not have it. */
export interface ComparedCheck {
  readonly id: string;
  readonly title: string;
  readonly earlier: Check | null;
  readonly later: Check | null;
  /** It came out differently, or only one of the two has it. */
  readonly isChanged: boolean;
}

/** What is different between two reports. */
export interface Comparison {
  /** All checks of both, in the order of the later report. */
  readonly checks: readonly ComparedCheck[];
  /** Found then, and no longer. */
  readonly gone: readonly Finding[];
  /** Not found then. */
  readonly added: readonly Finding[];
  /** Found in both. */
  readonly kept: readonly Finding[];
}

/** Compares an earlier report with a later one. */
export function compareReports(earlier: Report, later: Report): Comparison {
  const before = new Map(earlier.checks.map((check) => [check.id, check]));
  const after = new Map(later.checks.map((check) => [check.id, check]));
  const foundBefore = new Set(earlier.findings.map(({ id }) => id));
  const foundAfter = new Set(later.findings.map(({ id }) => id));
  return {
    checks: [...new Set([...after.keys(), ...before.keys()])].map((id) => {
      const [one, other] = [before.get(id) ?? null, after.get(id) ?? null];
      return {
        id,
        title: (other ?? one)?.title ?? id,
        earlier: one,
        later: other,
        isChanged: one?.status !== other?.status,
      };
    }),
    gone: earlier.findings.filter(({ id }) => !foundAfter.has(id)),
    added: later.findings.filter(({ id }) => !foundBefore.has(id)),
    kept: later.findings.filter(({ id }) => foundBefore.has(id)),
  };
}
