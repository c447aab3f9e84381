import type { Blueprint, Description } from '../environment.ts';
import { type Link, startTcpMiddlebox } from '../middleboxes/tcp-middlebox.ts';

const LINK = { kind: 'reverse', program: null, nodes: 1, carriesPost: true, roundTripMs: 0 } as const;
const EVERYTHING = ['websocket', 'stream', 'events', 'poll'] as const;

/** What happens to the bytes of a connection, whatever they mean. */
export const LINK_ENVIRONMENTS: readonly Blueprint[] = [
  link(
    {
      ...LINK,
      name: 'latency-300ms',
      does: 'a round trip of 300 ms, and all is well',
      roundTripMs: 300,
      works: EVERYTHING,
      findings: ['slow'],
    },
    { delayMs: 150, jitterMs: 20 },
  ),
  link(
    {
      ...LINK,
      name: 'latency-1500ms',
      does: 'a round trip of 1.5 s, and all is well',
      roundTripMs: 1_500,
      works: EVERYTHING,
      findings: ['slow'],
    },
    { delayMs: 750, jitterMs: 50 },
  ),
  link(
    {
      ...LINK,
      name: 'latency-2s',
      does: 'a round trip of 2 s, and all is well',
      roundTripMs: 2_000,
      works: EVERYTHING,
      findings: ['slow'],
    },
    { delayMs: 1_000 },
  ),
  link(
    {
      ...LINK,
      name: 'lossy-stalls',
      does: '120 to 280 ms, and one chunk in ten waits for 0.9 s more, as where packets are lost',
      roundTripMs: 200,
      works: EVERYTHING,
      findings: ['lossy'],
    },
    { delayMs: 60, jitterMs: 80, stalls: { chance: 0.1, ms: 900 } },
  ),
  link(
    {
      ...LINK,
      name: 'resets-2pct',
      does: 'one chunk in fifty resets its connection',
      roundTripMs: 20,
      works: EVERYTHING,
      findings: ['lines-cut'],
    },
    { delayMs: 10, resetChance: 0.02 },
  ),
  link(
    {
      ...LINK,
      name: 'slow-8kBps',
      does: '8 KiB a second in each direction and a round trip of 100 ms',
      roundTripMs: 100,
      works: EVERYTHING,
      findings: ['narrow'],
    },
    { delayMs: 50, bytesPerSecond: 8_192 },
  ),
  link(
    {
      ...LINK,
      name: 'life-8s',
      does: 'every connection is reset when it is 8 s old',
      works: EVERYTHING,
      findings: ['lines-cut'],
    },
    { lifeMs: 8_000 },
  ),
  link(
    {
      ...LINK,
      name: 'idle-reset-10s',
      does: 'connections that were quiet for 10 s are reset',
      works: EVERYTHING,
      findings: ['idle-cut'],
      idleMs: 10_000,
    },
    { idle: { afterMs: 10_000, ending: 'reset' } },
  ),
  link(
    {
      ...LINK,
      name: 'idle-close-10s',
      does: 'connections that were quiet for 10 s are closed in good order',
      works: EVERYTHING,
      findings: ['idle-cut'],
      idleMs: 10_000,
    },
    { idle: { afterMs: 10_000, ending: 'close' } },
  ),
  link(
    {
      ...LINK,
      name: 'idle-close-2s',
      does: 'connections that were quiet for 2 s are closed in good order',
      works: EVERYTHING,
      findings: ['idle-cut'],
      idleMs: 2_000,
    },
    { idle: { afterMs: 2_000, ending: 'close' } },
  ),
  link(
    {
      ...LINK,
      name: 'idle-silent-2s',
      does: 'connections that were quiet for 2 s are dead, and nobody is told',
      works: EVERYTHING,
      findings: ['idle-silent'],
      idleMs: 2_000,
    },
    { idle: { afterMs: 2_000, ending: 'silence' } },
  ),
  link(
    {
      ...LINK,
      name: 'idle-silent-10s',
      does: 'connections that were quiet for 10 s are dead, and nobody is told',
      works: EVERYTHING,
      findings: ['idle-silent'],
      idleMs: 10_000,
    },
    { idle: { afterMs: 10_000, ending: 'silence' } },
  ),
];

function link(description: Description, kind: Link): Blueprint {
  return {
    ...description,
    async start({ originPort }) {
      const { port, stop } = await startTcpMiddlebox(originPort, kind);
      return { url: `http://127.0.0.1:${port}`, stop };
    },
  };
}
