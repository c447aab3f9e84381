import { seconds } from '../amounts.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import type { Path } from '../path.ts';
import { type Fate, TriedLine } from '../tried-line.ts';
import { openerOf, SELDOM_MS, TRANSPORTS, type TriedTransport } from './line-openers.ts';

const QUIET_MS = 3000;

export type Held = {
  readonly transport: TriedTransport;
  readonly fate: Fate;
  /** How long it lived, at least. */
  readonly livedMs: number;
};

export type HoldFacts = { readonly lines: readonly Held[] };

/** Connections of every kind that opens, quiet for a short while. */
export const hold = defineCheck({
  id: 'hold',
  title: 'Connections last',
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
  const line = new TriedLine(path, openerOf(transport, SELDOM_MS));
  try {
    if (!(await line.opens(path.pace.patience(2500, 6)))) {
      if (line.openMs === null) return null;
      return { transport, fate: 'closed', livedMs: Math.round(line.livedMs ?? 0) };
    }
    const fate = await line.holds(QUIET_MS, path.pace.patience(2000, 4));
    return { transport, fate, livedMs: Math.round(fate === 'closed' ? (line.livedMs ?? 0) : QUIET_MS) };
  } finally {
    await line.close();
  }
}

function describe({ fate, livedMs, transport }: Held): string {
  if (fate === 'dead') return `${transport} dies without a word.`;
  return `${transport} is cut after ${seconds(livedMs)}.`;
}
