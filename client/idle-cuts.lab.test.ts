import { setTimeout as pass } from 'node:timers/promises';
import { describe, expect, it, type TestContext } from 'vitest';
import { startTcpMiddlebox, type Ending } from '../lab/middleboxes/tcp-middlebox.ts';
import { connect } from './node.ts';
import { createRoomplex } from './test/roomplex.ts';
import type { TransportName } from './types.ts';

const IDLE_MS = 2000;
/** So many times as long as the network bears is it quiet at the end. */
const QUIET_SPANS = 3;

describe.concurrent('where idle connections are cut', () => {
  async function stayQuiet(ending: Ending, transport: TransportName, context: TestContext) {
    const { server, port } = await createRoomplex();
    context.onTestFinished(() => server.close());
    const link = await startTcpMiddlebox(port, { idle: { afterMs: IDLE_MS, ending } });
    context.onTestFinished(link.stop);
    const client = connect(`http://127.0.0.1:${link.port}/multiplex`, {
      transports: [transport],
    });
    context.onTestFinished(() => client.close());
    let losses = 0;
    client.on('transport', (to) => {
      if (to === null) losses++;
    });
    await client.ready();
    // What is quiet for a while is what this is about.
    for (let quietMs = 0; quietMs < QUIET_SPANS * IDLE_MS; quietMs += 50) {
      const before = losses;
      await pass(50);
      if (losses > before) quietMs = 0;
      if (losses > 10) break;
    }
    return losses;
  }

  it.for([
    ['reset', 'websocket'],
    ['close', 'websocket'],
    ['reset', 'xhr-streaming'],
  ] as const)(
    'by %s, a %s is cut twice at most',
    { timeout: 30_000 },
    async ([ending, transport], context) => {
      expect(await stayQuiet(ending, transport, context)).toBeLessThanOrEqual(2);
    },
  );
});
