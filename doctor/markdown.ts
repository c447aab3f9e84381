import type { Check, CheckStatus, Finding, Report } from './report.ts';
import { formatTook } from './format-took.ts';
import { verdictOf } from './verdict.ts';

const WORDS: Readonly<Record<CheckStatus, string>> = {
  waiting: 'not begun',
  running: 'not ended',
  pass: 'passed',
  warn: 'worth knowing',
  fail: '**failed**',
  skip: 'left out',
};

/** A report for people, to paste into a ticket or a mail. */
export function reportAsMarkdown(report: Report): string {
  const { url, at, client, durationMs, checks, findings, advice } = report;
  const { headline, more } = verdictOf(report);
  return [
    `# Connection report for ${inline(url)}`,
    `**${headline}** ${more}`,
    [
      `- Examined: ${new Date(at).toISOString()}, in ${formatTook(durationMs)}`,
      `- By: ${inline(client.agent)}${client.proxy === true ? ', through a proxy it was told to use' : ''}`,
    ].join('\n'),
    ...findings.map(findingAsMarkdown),
    '## Settings that suit this network',
    inline(advice.why),
    [
      `- Transports: ${advice.transports.length === 0 ? 'none works' : advice.transports.join(', ')}`,
      `- Sign of life: every ${advice.heartbeatMs} ms`,
      ...(advice.postLimitBytes === undefined ? [] : [`- Largest request: ${advice.postLimitBytes} bytes`]),
    ].join('\n'),
    '## Checks',
    ['| Check | Outcome | Time | |', '| --- | --- | ---: | --- |', ...checks.map(checkAsRow)].join('\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

function findingAsMarkdown({ title, evidence, remedy }: Finding): string {
  return [
    `## ${inline(title)}`,
    evidence.map((seen) => `- ${inline(seen)}`).join('\n'),
    `**For the user:** ${remedy.user}`,
    `**For the IT department:** ${remedy.it}`,
    `**For whoever runs the server:** ${remedy.operator}`,
    ...(['nginx', 'haproxy'] as const).map((proxy) => linesFor(proxy, remedy[proxy])),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function linesFor(proxy: 'nginx' | 'haproxy', lines: string | undefined): string {
  return lines === undefined ? '' : `${proxy}:\n\n\`\`\`\n${lines}\n\`\`\``;
}

function checkAsRow({ title, status, durationMs, detail }: Check): string {
  const took = status === 'skip' || durationMs === 0 ? '' : formatTook(durationMs);
  return `| ${cell(title)} | ${WORDS[status]} | ${took} | ${cell(detail)} |`;
}

/** On one line, so that what a report says cannot begin a heading or a list of its own. */
function inline(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function cell(text: string): string {
  return inline(text).replaceAll('|', '\\|');
}
