import type { Blueprint, Description } from '../environment.ts';
import { type Manners, startHttpMiddlebox } from '../middleboxes/http-middlebox.ts';
import { passed } from '../middleboxes/upgrades.ts';

const HTTP = { kind: 'reverse', program: null, nodes: 1, carriesPost: true, roundTripMs: 0 } as const;
const EVERYTHING = ['websocket', 'stream', 'events', 'poll'] as const;
const LOGIN = 'http://login.invalid/';
const POST_HELD_MS = 1_500;
const ADDRESSES = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];

/** What happens to requests, while WebSockets pass. */
export const REQUEST_ENVIRONMENTS: readonly Blueprint[] = [
  box(
    {
      ...HTTP,
      name: 'errors-at-random',
      does: 'every fifth request is answered with 502 or 503',
      works: EVERYTHING,
      findings: ['errors-at-random'],
    },
    () => {
      let count = 0;
      return { refuse: () => (++count % 5 === 0 ? { status: count % 2 === 0 ? 502 : 503 } : undefined) };
    },
  ),
  box(
    {
      ...HTTP,
      name: 'rate-limited',
      does: 'more than 30 requests a second are answered with 429',
      works: EVERYTHING,
      findings: ['rate-limited'],
    },
    () => {
      const times: number[] = [];
      return {
        refuse() {
          const now = performance.now();
          while ((times[0] ?? now) < now - 1_000) times.shift();
          if (times.length >= 30) return { status: 429 };
          times.push(now);
          return undefined;
        },
      };
    },
  ),
  box(
    {
      ...HTTP,
      name: 'post-redirected',
      does: 'every POST is led to a login, 307',
      carriesPost: false,
      works: ['websocket', 'events'],
      findings: ['redirected'],
    },
    () => ({
      refuse: ({ method }) => (method === 'POST' ? { status: 307, headers: { location: LOGIN } } : undefined),
    }),
  ),
  box(
    {
      ...HTTP,
      name: 'posts-held',
      does: `every POST waits for ${POST_HELD_MS / 1000} s before it goes on`,
      works: EVERYTHING,
      findings: ['posts-held'],
    },
    () => ({ delayMs: ({ method }) => (method === 'POST' ? POST_HELD_MS : 0) }),
  ),
  box(
    {
      ...HTTP,
      name: 'query-removed',
      does: 'what follows the ? is taken off every address',
      works: EVERYTHING,
      findings: ['query-removed'],
    },
    () => ({
      path: withoutQuery,
      upgrade: (handshake) => {
        handshake.request.url = withoutQuery(handshake.request.url ?? '/');
        passed(handshake);
      },
    }),
  ),
  box(
    {
      ...HTTP,
      name: 'several-addresses',
      does: 'each request leaves by the next of three addresses',
      works: ['websocket'],
      findings: ['address-changes'],
    },
    () => {
      let count = 0;
      return { localAddress: () => ADDRESSES[count++ % ADDRESSES.length] };
    },
  ),
];

function box(description: Description, manners: () => Manners): Blueprint {
  return {
    ...description,
    async start({ originPort }) {
      const { port, stop } = await startHttpMiddlebox(originPort, { upgrade: passed, ...manners() });
      return { url: `http://127.0.0.1:${port}`, stop };
    },
  };
}

function withoutQuery(path: string): string {
  return path.replace(/\?.*$/, '');
}
