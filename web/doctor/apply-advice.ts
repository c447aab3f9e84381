import type { Advice } from '../../doctor/report.ts';

/** Settings that somebody took over, and when: ms since 1970. */
export interface AppliedAdvice {
  readonly advice: Advice;
  readonly at: number;
}

/** Makes clients in this browser connect to `url`, a `/multiplex`, as advised; answers whether it will be remembered. */
export function applyAdvice(url: string, advice: Advice): boolean {
  try {
    localStorage.setItem(keyOf(url), JSON.stringify({ advice, at: Date.now() } satisfies AppliedAdvice));
    return true;
  } catch {
    return false;
  }
}

/** Takes it back: clients find out for themselves again. */
export function forgetAdvice(url: string): void {
  try {
    localStorage.removeItem(keyOf(url));
  } catch {
    // Without storage there was nothing to forget.
  }
}

/** What was taken over for `url`; `null` when nothing was. */
export function appliedAdvice(url: string): AppliedAdvice | null {
  try {
    return JSON.parse(localStorage.getItem(keyOf(url)) ?? 'null') as AppliedAdvice | null;
  } catch {
    return null;
  }
}

function keyOf(url: string): string {
  return `roomplex.advice.${url}`;
}
