import { seconds } from '../amounts.ts';
import { type CheckSpec, defineCheck, skipped } from '../check-spec.ts';
import type { Path } from '../path.ts';
import { type Fate, TriedLine } from '../tried-line.ts';
import { openerOf, SELDOM_MS, type TriedTransport } from './line-openers.ts';

/** How long the lines are quiet, ms: a little longer than the time-outs that people like to set. */
const QUIETS_MS = [5500, 11_000, 22_000, 33_000, 48_000, 66_000, 110_000];
/** For browsers, which open no more than six connections to a server, and one is needed to send. */
const FEWER_QUIETS_MS = [11_000, 33_000, 66_000, 110_000];

export type Quiet = {
  readonly quietMs: number;
  readonly fate: Fate;
  /** Until it was closed; `null` where it was not. */
  readonly cutMs: number | null;
};

export type IdleFacts = {
  readonly transport: TriedTransport;
  /** Shortest first. */
  readonly lines: readonly Quiet[];
};

/** Several lines at once, each quiet for another time, and then an echo. */
async function runIdle(path: Path, candidates: readonly TriedTransport[]) {
  const transport = candidates.find((name) => (path.known[name]?.echoMs ?? null) !== null);
  if (transport === undefined) return skipped('There is no such connection.');
  const isCrowded = path.environment.client.kind === 'browser' && transport !== 'websocket';
  const quiets = (isCrowded ? FEWER_QUIETS_MS : QUIETS_MS).filter((ms) => ms <= path.longestIdleMs);
  const tried = await Promise.all(quiets.map((quietMs) => beQuiet(path, transport, quietMs)));
  const lines = tried.filter((line): line is Quiet => line !== null);
  if (lines.length === 0) return skipped('No connection could be opened.');
  const facts: IdleFacts = { transport, lines };
  const lost = lines.find(({ fate }) => fate !== 'lived');
  const longest = Math.max(...quiets);
  if (lost === undefined)
    return {
      status: 'pass',
      detail: `What is quiet for ${seconds(longest)} is still there.`,
      facts,
    } as const;
  const how =
    lost.cutMs === null
      ? `What is quiet for ${seconds(lost.quietMs)} is dead, without a word.`
      : `What is quiet is closed after ${seconds(lost.cutMs)}.`;
  return { status: 'fail', detail: how, facts } as const;
}

async function beQuiet(path: Path, transport: TriedTransport, quietMs: number): Promise<Quiet | null> {
  const line = new TriedLine(path, openerOf(transport, SELDOM_MS));
  try {
    if (!(await line.opens(path.pace.patience(2500, 6)))) return null;
    const fate = await line.holds(quietMs, path.pace.patience(2500, 4));
    return { quietMs, fate, cutMs: fate === 'closed' ? Math.round(line.livedMs ?? 0) : null };
  } finally {
    await line.close();
  }
}

export const idleWebSocket: CheckSpec<'idle-websocket'> = defineCheck({
  id: 'idle-websocket',
  title: 'Quiet WebSockets live',
  isRepeated: false,
  run: (path) => runIdle(path, ['websocket']),
});

export const idleStream: CheckSpec<'idle-stream'> = defineCheck({
  id: 'idle-stream',
  title: 'Quiet streams and polls live',
  isRepeated: false,
  run: (path) => runIdle(path, ['xhr-streaming', 'eventsource', 'xhr-polling']),
});
