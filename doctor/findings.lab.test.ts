import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DEAD_ENDS, type Description, ENVIRONMENTS, missingFor, startEnvironment } from '../lab/index.ts';
import { nodeEnvironment } from './node.ts';
import type { Report } from './report.ts';
import { examine } from './run.ts';

const CLI = join(import.meta.dirname, '..', 'server', 'cli.ts');

const APART_MS = 500;

const SHORT_MS = 3000;

/** Names that must be right, in percent. */
const ENOUGH = 95;

/** Good to know, and nobody's fault. */
const REMARKS = new Set(['proxied', 'host-changed']);

/** These are fine, however slow: nothing in them may be called blocked. */
const CLEAN = ['nothing', 'slow', 'narrow', 'lossy'];

/** What takes its time to be seen: {@link ExamineOptions.longestIdleMs}. */
function longestIdleMs({ findings, idleMs, name }: Description): number | undefined {
  // Quiet so short is tried in any case.
  if (idleMs !== undefined && idleMs < SHORT_MS) return undefined;
  if (idleMs !== undefined) return Math.max(11_000, idleMs * 1.1);
  return findings.includes('idle-cut') || name === 'life-8s' ? 11_000 : undefined;
}

const WAITED_FOR = ['no-answer', 'posts-held'] as const;

/** Those in which one mostly waits can be visited all at once. */
function isPatient(description: Description): boolean {
  const { findings, idleMs, roundTripMs } = description;
  const isWaitedFor = WAITED_FOR.some((id) => findings.includes(id));
  return isWaitedFor || roundTripMs > 0 || idleMs !== undefined || longestIdleMs(description) !== undefined;
}

/** Our server tells nginx not to buffer, and nginx complies. */
function expectedOf({ findings, program }: Description): readonly string[] {
  return findings.filter((id) => !(program === 'nginx' && id === 'responses-buffered'));
}

/** A server in a process of its own, as several nodes are. */
async function startNode(): Promise<number> {
  const args = [
    '--import',
    import.meta.resolve('tsx'),
    CLI,
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--memory',
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) {
    const [, port] = / is listening on \S+:(\d+)$/.exec(line) ?? [];
    if (port !== undefined) return Number(port);
  }
  throw new Error('the server did not start');
}

interface Outcome {
  readonly description: Description;
  readonly expected: readonly string[];
  readonly found: readonly string[];
  readonly report: Report;
}

async function visit(description: Description, ports: readonly [number, number]): Promise<Outcome> {
  const [originPort, secondPort] = ports;
  const environment = await startEnvironment(description.name, { originPort, secondPort });
  try {
    const { proxy, url } = environment;
    const idleMs = longestIdleMs(description);
    const node = await nodeEnvironment({
      proxy: proxy === undefined ? null : new URL(proxy),
      // Whose certificate nobody knows is a dead end for those who mind.
      insecure: url.startsWith('https:') && !DEAD_ENDS.includes(description),
    });
    const report = await examine(
      url,
      node,
      idleMs === undefined ? {} : { full: true, longestIdleMs: idleMs },
    );
    const names = report.findings.map(({ id }) => id).filter((id) => !REMARKS.has(id));
    const found = names.length === 0 ? ['nothing'] : names;
    return { description, expected: expectedOf(description), found, report };
  } finally {
    await environment.stop();
  }
}

/** All at a time; they begin one after another, so that none waits for the others where it is to be quick. */
async function visitTogether(
  descriptions: readonly Description[],
  ports: readonly [number, number],
): Promise<readonly Outcome[]> {
  return await Promise.all(
    descriptions.map(async (description, i) => {
      await setTimeout(i * APART_MS);
      return await visit(description, ports);
    }),
  );
}

/** No more than so many at a time, in order. */
async function visitInTurns(
  descriptions: readonly Description[],
  ports: readonly [number, number],
  atATime: number,
): Promise<readonly Outcome[]> {
  const waiting = [...descriptions];
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      outcomes.push(await visit(next, ports));
  };
  await Promise.all(Array.from({ length: atATime }, worker));
  return outcomes;
}

function row({ description, expected, found, report }: Outcome): string {
  const missed = expected.filter((id) => !found.includes(id)).map((id) => `-${id}`);
  const wrong = found.filter((id) => !expected.includes(id)).map((id) => `+${id}`);
  const verdict = [...missed, ...wrong].join(' ') || 'right';
  return [description.name, found.join(' '), verdict, `${(report.durationMs / 1000).toFixed(1)} s`].join(
    ' | ',
  );
}

/** How many of all names that were expected or given are right, in percent. */
function accuracy(outcomes: readonly Outcome[]): number {
  const right = outcomes.map(({ expected, found }) => expected.filter((id) => found.includes(id)).length);
  const all = outcomes.map(({ expected, found }) => new Set([...expected, ...found]).size);
  const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
  return (100 * sum(right)) / sum(all);
}

/**
 * All that is found in the lab. So many examinations at once are a load of their own, and make slow what is not: where
 * names are wrong because of that, the same is looked at again, by itself.
 */
async function visitAll(ports: readonly [number, number]): Promise<readonly Outcome[]> {
  const possible = [...ENVIRONMENTS, ...DEAD_ENDS].filter(
    (description) => missingFor(description) === undefined,
  );
  const [patient, others] = await Promise.all([
    visitTogether(possible.filter(isPatient), ports),
    visitInTurns(
      possible.filter((one) => !isPatient(one)),
      ports,
      6,
    ),
  ]);
  const outcomes = [...patient, ...others];
  if (accuracy(outcomes) >= ENOUGH && falselyBlocked(outcomes).length === 0) return outcomes;
  process.stdout.write(`${outcomes.map(row).join('\n')}\nlooked at again:\n`);
  const crowded = outcomes.filter((outcome) => accuracy([outcome]) < 100);
  const again = await visitInTurns(
    crowded.map(({ description }) => description),
    ports,
    1,
  );
  return [...outcomes.filter((outcome) => !crowded.includes(outcome)), ...again];
}

/** Paths on which all is well, however slowly, and of which something else was said. */
function falselyBlocked(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes
    .filter(({ expected }) => expected.every((id) => CLEAN.includes(id)))
    .filter(({ report }) => report.findings.some(({ severity }) => severity !== 'info'));
}

describe('the doctor in the lab', () => {
  it(
    'names what is in the way, and calls nothing blocked that is only slow',
    { timeout: 240_000 },
    async () => {
      const ports = [await startNode(), await startNode()] as const;
      const outcomes = await visitAll(ports);
      const table = outcomes.map(row).join('\n');
      const percent = accuracy(outcomes);
      process.stdout.write(`${table}\n${percent.toFixed(1)} % of the names are right\n`);
      expect(percent, table).toBeGreaterThanOrEqual(ENOUGH);
      expect(falselyBlocked(outcomes).map(row)).toEqual([]);
    },
  );
});
