import { COUNTS, FAULTS } from './audit/findings.ts';
import type { Result } from './scenario.ts';

/** One scenario as it was run. */
export interface Run {
  readonly name: string;
  readonly seed: number;
  readonly seconds: number;
  /** Absent when it broke off. */
  readonly result?: Result;
  /** Why it was not run. */
  readonly skipped?: string;
  /** What is wrong, in short. */
  readonly failure?: string;
}

/** What was checked, one scenario a column, as Markdown. */
export function resultTable(runs: readonly Run[]): string {
  const rows: [string, (run: Run) => string][] = [
    ['seed', ({ seed }) => String(seed)],
    ['seconds', ({ seconds }) => seconds.toFixed(1)],
    ...COUNTS.map((name): [string, (run: Run) => string] => [
      name,
      ({ result }) => show(result?.findings.count(name)),
    ]),
    ...FAULTS.map((kind): [string, (run: Run) => string] => [
      `**${kind}**`,
      ({ result }) => String(result?.findings.countFaults(kind) ?? ''),
    ]),
    ['', ({ skipped, failure }) => (skipped === undefined ? (failure ?? 'passed') : 'skipped')],
  ];
  const head = ['', ...runs.map(({ name }) => name)];
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '---:'))];
  for (const [title, cell] of rows) {
    const cells = runs.map(cell);
    if (cells.some((text) => text !== '')) lines.push([title, ...cells]);
  }
  const notes = runs.flatMap(({ name, result, skipped, failure }) => [
    ...(result?.notes ?? []).map((note) => `* ${name}: ${note}`),
    ...(skipped === undefined ? [] : [`* ${name} was skipped: ${skipped}`]),
    ...(failure === undefined ? [] : [`* ${name} failed: ${failure}`]),
  ]);
  return [...lines.map((cells) => `| ${cells.join(' | ')} |`), '', ...notes].join('\n');
}

/** Nothing for what was not counted at all. */
function show(count: number | undefined): string {
  return count === undefined || count === 0 ? '' : String(count);
}
