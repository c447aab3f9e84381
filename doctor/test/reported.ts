import type { Check, CheckStatus, Finding, Report } from '../report.ts';

/** A check that came out like this. */
export function checked(id: string, status: CheckStatus, facts: Check['facts'] = {}): Check {
  return { id, title: `About ${id}`, status, durationMs: 12, detail: 'A sentence.', facts };
}

/** Something that was found. */
export function found(id: string, title: string, severity: Finding['severity'] = 'fail'): Finding {
  const remedy = { user: `${id}, you`, it: `${id}, IT`, operator: `${id}, operator` };
  return { id, severity, title, evidence: [], remedy };
}

/** A report of a line on which all is well, but for what is given. */
export function reported(parts: Partial<Report> = {}): Report {
  return {
    format: 'roomplex-doctor',
    version: 1,
    at: 1_790_000_000_000,
    durationMs: 900,
    url: 'https://rooms.example/',
    client: { kind: 'browser', agent: 'Chromium 141', proxy: null },
    checks: [checked('reach', 'pass'), checked('websocket', 'pass', { echoMs: 1.26 })],
    findings: [],
    advice: { transports: ['websocket', 'xhr-streaming'], heartbeatMs: 25_000, why: 'All is well.' },
    ...parts,
  };
}
