import { kibibytes } from '../amounts.ts';
import { defineCheck, skipped } from '../check-spec.ts';
import { TriedLine } from '../tried-line.ts';
import { SELDOM_MS, webSocketOpener } from './line-openers.ts';
import { climb } from './size-ladder.ts';

/** How large a message may be that goes there and back over a WebSocket. */
export const webSocketSize = defineCheck({
  id: 'websocket-size',
  title: 'Large messages pass over WebSocket',
  async run(path) {
    if ((path.known.websocket?.echoMs ?? null) === null) return skipped('WebSocket does not work.');
    let line: TriedLine | null = null;
    try {
      const facts = await climb(path.pace.roundTripMs, async (bytes, expectedMs) => {
        if (line === null || line.end !== null) {
          line = new TriedLine(path, webSocketOpener(SELDOM_MS));
          await line.opens(path.pace.patience(2500, 6));
        }
        const { ticks } = path.environment;
        const startedAt = ticks();
        const ms = await line.echo(bytes, path.pace.patience(2500 + 2 * expectedMs, 4));
        // What is late on this line would be taken for what follows.
        if (ms === null) {
          await line.close();
          line = null;
        }
        return { passes: ms !== null, ms: ms ?? ticks() - startedAt, status: null };
      });
      if (facts.refusedBytes === null)
        return { status: 'pass', detail: `Up to ${kibibytes(facts.passedBytes)} pass.`, facts };
      const detail = `More than ${kibibytes(facts.passedBytes)} do not pass.`;
      return { status: 'fail', detail, facts, isCertain: !path.isErring };
    } finally {
      await (line as TriedLine | null)?.close();
    }
  },
});
