import { describe, expect, it } from 'vitest';
import { readReport } from './read-report.ts';
import { checked, found, reported } from '../../doctor/test/reported.ts';

const REPORT = reported({ checks: [checked('reach', 'pass')], findings: [found('idle-cut', 'Cut')] });

describe('a saved report', () => {
  it('is read as it was saved', () => {
    expect(readReport(JSON.stringify(REPORT, null, 2))).toEqual(REPORT);
  });

  it.each([
    ['# Connection report', /no JSON/],
    ['null', /no report/],
    ['[]', /no report/],
    ['{"format":"other"}', /no report/],
    [JSON.stringify({ ...REPORT, version: 2 }), /later version/],
    [`"${' '.repeat(1_000_000)}"`, /too large/],
  ])('is refused with a reason: %.40s', (text, reason) => {
    expect(() => readReport(text)).toThrow(reason);
  });

  it.each([
    { at: 1e300 },
    { at: 'now' },
    { url: 'nowhere' },
    { client: null },
    { checks: {} },
    { checks: [null] },
    { checks: [{ ...checked('reach', 'pass'), status: 'odd' }] },
    { checks: [{ ...checked('reach', 'pass'), facts: null }] },
    { findings: [{ ...found('a', 'A'), severity: 'odd' }] },
    { findings: [{ ...found('a', 'A'), evidence: [1] }] },
    { findings: [{ ...found('a', 'A'), remedy: { user: '' } }] },
    { findings: [{ ...found('a', 'A'), remedy: { user: '', it: '', operator: '', nginx: 1 } }] },
    { advice: { transports: [1], heartbeatMs: 1, why: '' } },
    { advice: { transports: [], heartbeatMs: null, why: '' } },
  ])('is refused when it is damaged: %j', (damage) => {
    expect(() => readReport(JSON.stringify({ ...REPORT, ...damage }))).toThrow(/damaged/);
  });
});
