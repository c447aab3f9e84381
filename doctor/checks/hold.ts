import { seconds } from '../amounts.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import type { Path } from '../path.ts';
import { type Fate, TriedLine } from '../tried-line.ts';
import { openerOf, SELDOM_MS, TRANSPORTS, type TriedTransport } from './line-openers.ts';

const QUIET_MS = 3000;
/** So often something moves on a line that is to show whether it was the quiet, ms. */
const BUSY_MS = 500;

export type Held = {
  readonly transport: TriedTransport;
  readonly fate: Fate;
  /** How long it lived, at least. */
  readonly livedMs: number;
  /** It was lost for its quiet: another one, on which something moved, lived on. */
  readonly isIdle: boolean;
};

export type HoldFacts = { readonly lines: readonly Held[] };

/** Connections of every kind that opens, quiet for a short while. */
export const hold = defineCheck({
  id: 'hold',
  title: 'Connections last',
  // Each that is lost is followed by others.
  isRepeated: false,
  async run(path) {
    const open = TRANSPORTS.filter((transport) => (path.known[transport]?.openMs ?? null) !== null);
    const usable = open.filter((transport) => {
      // One that could not even echo has nothing to hold, unless it was cut.
      const facts = path.known[transport];
      return facts?.echoMs !== null || facts?.livedMs !== null;
    });
    if (usable.length === 0) return skipped('There is no connection that could.');
    const held = await Promise.all(usable.map((transport) => holdOne(path, transport)));
    const lines = held.filter((one): one is Held => one !== null);
    const facts: HoldFacts = { lines };
    const lost = lines.filter(({ fate }) => fate !== 'lived');
    if (lost.length === 0)
      return { status: 'pass', detail: `Each lasts for ${seconds(QUIET_MS)} of quiet.`, facts };
    return { status: 'fail', detail: lost.map(describe).join(' '), facts };
  },
});

async function holdOne(path: Path, transport: TriedTransport): Promise<Held | null> {
  const held = await watch(path, transport, SELDOM_MS);
  if (held === null || held.fate === 'lived') return held;
  const busy = await watch(path, transport, BUSY_MS);
  if (busy?.fate !== 'lived') return held;
  // It was the quiet, if quiet ends the next one as well.
  const again = await watch(path, transport, SELDOM_MS);
  return again === null || again.fate === 'lived' ? again : { ...held, isIdle: true };
}

/** One line, on which the server says something every so many ms, and nobody else anything. */
async function watch(path: Path, transport: TriedTransport, everyMs: number): Promise<Held | null> {
  const line = new TriedLine(path, openerOf(transport, everyMs));
  const base = { transport, isIdle: false };
  try {
    if (!(await line.opens(path.pace.patience(2500, 6)))) {
      if (line.openMs === null) return null;
      return { ...base, fate: 'closed', livedMs: Math.round(line.livedMs ?? 0) };
    }
    const fate = await line.holds(QUIET_MS, path.pace.patience(2000, 4));
    return { ...base, fate, livedMs: Math.round(fate === 'closed' ? (line.livedMs ?? 0) : QUIET_MS) };
  } finally {
    await line.close();
  }
}

function describe({ fate, isIdle, livedMs, transport }: Held): string {
  const when = isIdle ? ' when it is quiet' : '';
  if (fate === 'dead') return `${transport} dies without a word${when}.`;
  return `${transport} is cut after ${seconds(livedMs)}${when}.`;
}
