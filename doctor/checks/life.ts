import { seconds } from '../amounts.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import type { Path } from '../path.ts';
import { TriedLine } from '../tried-line.ts';
import { openerOf, TRANSPORTS, type TriedTransport } from './line-openers.ts';

/** So often something moves, ms. */
const BUSY_MS = 1000;

export type Life = {
  readonly transport: TriedTransport;
  readonly livedMs: number;
  readonly isCut: boolean;
};

export type LifeFacts = { readonly lines: readonly Life[] };

/** Connections on which something moves all the time: if these end, it is not because they were quiet. */
export const life = defineCheck({
  id: 'life',
  title: 'Busy connections live',
  isRepeated: false,
  async run(path) {
    const works = (name: TriedTransport): boolean => (path.known[name]?.echoMs ?? null) !== null;
    const stream = TRANSPORTS.find((name) => name !== 'websocket' && works(name));
    const chosen = [...(works('websocket') ? (['websocket'] as const) : []), ...(stream ? [stream] : [])];
    if (chosen.length === 0) return skipped('There is no connection.');
    // Two of each: what happens to both at the same age is no accident.
    const lines = (await Promise.all([...chosen, ...chosen].map((name) => live(path, name)))).filter(
      (line): line is Life => line !== null,
    );
    const facts: LifeFacts = { lines };
    const cut = lines.filter(({ isCut }) => isCut);
    if (cut.length === 0)
      return { status: 'pass', detail: `They are there after ${seconds(path.longestIdleMs)}.`, facts };
    const ages = cut.map(({ livedMs, transport }) => `${transport} after ${seconds(livedMs)}`);
    return { status: 'fail', detail: `They are cut: ${ages.join(', ')}.`, facts };
  },
});

async function live(path: Path, transport: TriedTransport): Promise<Life | null> {
  const line = new TriedLine(path, openerOf(transport, BUSY_MS));
  try {
    if (!(await line.opens(path.pace.patience(2500, 6)))) return null;
    const isThere = await line.quiet(path.longestIdleMs);
    return { transport, livedMs: Math.round(line.livedMs ?? path.longestIdleMs), isCut: !isThere };
  } finally {
    await line.close();
  }
}
