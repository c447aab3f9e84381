import type { Blueprint } from '../environment.ts';
import { startSwitchable } from '../middleboxes/switchable.ts';
import { startTlsFront } from '../middleboxes/tls-front.ts';

const EVERYTHING = ['websocket', 'stream', 'events', 'poll'] as const;
const REVERSE = { kind: 'reverse', program: null, nodes: 1, carriesPost: true, roundTripMs: 0 } as const;

export const OTHER_ENVIRONMENTS: readonly Blueprint[] = [
  {
    ...REVERSE,
    name: 'direct',
    does: 'nothing: the server itself',
    works: EVERYTHING,
    findings: ['nothing'],
    start: ({ originPort }) =>
      Promise.resolve({ url: `http://127.0.0.1:${originPort}`, stop: () => Promise.resolve() }),
  },
  {
    ...REVERSE,
    name: 'https',
    does: 'HTTPS with a certificate that nobody knows, in front of plain HTTP; all passes',
    works: EVERYTHING,
    findings: ['nothing'],
    async start({ originPort }) {
      const { port, stop } = await startTlsFront(originPort);
      return { url: `https://127.0.0.1:${port}`, stop };
    },
  },
  {
    ...REVERSE,
    name: 'switchable',
    does: 'all passes, until it is told to kill WebSockets or to go silent',
    works: EVERYTHING,
    findings: ['nothing'],
    changes: ['clean', 'kill-websockets', 'silence-open', 'silence-all'],
    async start({ originPort }) {
      const { port, stop, change } = await startSwitchable(originPort);
      return { url: `http://127.0.0.1:${port}`, stop, change };
    },
  },
];
