import type { CellResult } from './cell.ts';
import { judge, MEASURED } from './goals.ts';
import { disturbance, type Results } from './results.ts';
import type { Scenario } from './scenarios.ts';
import { median } from './statistics.ts';
import type { SubjectName } from './subjects.ts';

/** One scenario as a Markdown table. */
export function scenarioTable(
  scenario: Scenario,
  subjects: readonly SubjectName[],
  results: Results,
): string {
  const columns = columnsFor(scenario, results);
  const rows = subjects.map((subject) => columns.map(({ cell }) => cell(subject)));
  const titles = columns.map(({ title }) => title);
  return `## ${scenario.name}\n\n${scenario.title}; ${scenario.unit}\n\n${table(titles, rows)}\n`;
}

interface Column {
  readonly title: string;
  readonly cell: (subject: SubjectName) => string;
}

function columnsFor(scenario: Scenario, results: Results): Column[] {
  const { name, workload } = scenario;
  const isMemory = workload.type === 'idle-memory';
  const isTimed = workload.type === 'open-loop' || (workload.type === 'closed-loop' && workload.isTimed);
  const isTraffic = workload.type === 'closed-loop' || workload.type === 'open-loop';
  const digits = isMemory ? 0 : 2;
  const middle = (subject: SubjectName, pick: (result: CellResult) => number): number =>
    median(results.measured(name, subject).map(pick));
  const column = (title: string, places: number, pick: (result: CellResult) => number): Column => ({
    title,
    cell: (subject) => fixed(middle(subject, pick), places),
  });
  const against = (peer: SubjectName): Column => ({
    title: `× ${peer}`,
    cell: (subject) => fixed(results.ratio(name, subject, peer), 2),
  });
  return [
    { title: 'subject', cell: (subject) => subject },
    column(isMemory ? 'B/op' : 'µs/op', digits, (r) => r.perOperation),
    { title: 'min–max', cell: (subject) => range(results.measured(name, subject), digits) },
    against('ws-preframed'),
    against('sockjs-multiplex'),
    ...(isTraffic
      ? [
          column('msgs/frame', 1, (r) => r.messagesPerFrame ?? NaN),
          column('server %', 0, (r) => r.totalMicros / r.wallMs / 10),
          column('generator %', 0, (r) => r.generatorMicros / r.wallMs / 10),
        ]
      : []),
    ...(isMemory ? [] : [column('others %', 0, (r) => disturbance(r) * 100)]),
    ...(workload.type === 'closed-loop' && workload.isTimed
      ? [column('msgs/s', 0, (r) => (r.operations / r.wallMs) * 1000)]
      : []),
    ...(isTimed
      ? [
          column('p50 ms', 2, (r) => r.latency?.p50Ms ?? NaN),
          column('p99 ms', 2, (r) => r.latency?.p99Ms ?? NaN),
        ]
      : []),
    { title: 'check', cell: (subject) => check(scenario, subject, results) },
  ];
}

function range(measured: readonly CellResult[], digits: number): string {
  if (measured.length < 2) return '–';
  const costs = measured.map(({ perOperation }) => perOperation);
  return `${Math.min(...costs).toFixed(digits)}–${Math.max(...costs).toFixed(digits)}`;
}

/** The goals, each met or missed. */
export function goalTable(results: Results): string {
  const rows = judge(results).map(({ scenario, peer, atMost, ratio, isMet }) => [
    scenario,
    peer,
    `≤ ${atMost.toFixed(2)}`,
    ratio.toFixed(2),
    isMet ? 'met' : 'MISSED',
  ]);
  if (rows.length === 0) return '';
  return `## Goals for ${MEASURED}\n\n${table(['scenario', 'against', 'goal', 'ratio', ''], rows)}\n`;
}

function check(scenario: Scenario, subject: SubjectName, results: Results): string {
  const failures = results.of(scenario.name, subject).flatMap(({ failure }) => failure ?? []);
  return failures.length === 0 ? 'ok' : `FAILED: ${failures[0]}`;
}

function fixed(value: number, digits: number): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '–';
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(3, title.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
