import type { Advice, Finding, Report } from '../../doctor/report.ts';
import { verdictOf } from '../../doctor/verdict.ts';
import type { Palette } from './doctor-palette.ts';

/** What came of an examination, for the person at the terminal. */
export function reportAsText(report: Report, palette: Palette): string {
  const { advice, durationMs, findings } = report;
  const { headline, more, tone } = verdictOf(report);
  const paint = tone === 'good' ? palette.good : tone === 'warn' ? palette.doubtful : palette.bad;
  return [
    `${paint(headline)} ${more}`,
    ...findings.map((finding) => findingAsText(finding, palette)),
    ...(advice.transports.length === 0 || tone === 'good' ? [] : [settingsAsText(advice, palette)]),
    palette.faint(`Examined in ${(durationMs / 1000).toFixed(1)} s.`),
  ]
    .join('\n\n')
    .concat('\n');
}

function settingsAsText({ transports, heartbeatMs, postLimitBytes }: Advice, palette: Palette): string {
  return [
    palette.strong('Settings that suit this network'),
    `  transports  ${transports.join(', ')}`,
    `  heartbeat   ${heartbeatMs} ms`,
    ...(postLimitBytes === undefined ? [] : [`  requests    up to ${postLimitBytes} bytes`]),
  ].join('\n');
}

function findingAsText({ evidence, remedy, severity, title }: Finding, palette: Palette): string {
  const paint = { fail: palette.bad, warn: palette.doubtful, info: palette.strong }[severity];
  const lines = [paint(title), ...evidence.map((seen) => `  - ${seen}`)];
  if (severity === 'info') return lines.join('\n');
  lines.push(
    `  For you: ${remedy.user}`,
    `  For the IT department: ${remedy.it}`,
    `  For whoever runs the server: ${remedy.operator}`,
  );
  for (const proxy of ['nginx', 'haproxy'] as const) {
    const config = remedy[proxy];
    if (config !== undefined) lines.push(`  ${proxy}:`, ...config.split('\n').map((line) => `      ${line}`));
  }
  return lines.join('\n');
}
