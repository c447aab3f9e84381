import type { Page } from '@playwright/test';
import {
  ENVIRONMENTS,
  startEnvironment,
  type Description,
  type Environment,
  type Finding,
  missingFor,
} from '../lab/index.ts';
import { expect, test, type User } from './fixtures.ts';

const TURNS = 2;
const PATIENCE_MS = 40_000;

/** Chance, or time, takes a transport away now and then: which one is in use at the end is not to be foretold. */
const UNSTEADY: readonly string[] = [
  'lossy',
  'lines-cut',
  'responses-cut',
  'websocket-killed',
  'beginnings-held',
];

/** What the badge says at the end; between streams and polls measured lags decide. */
function expectedTransport({ works, findings, program }: Description): RegExp {
  if (findings.some((finding) => UNSTEADY.includes(finding))) return /websocket|stream|eventsource|polling/;
  if (works[0] === 'websocket') return /websocket/;
  // The server asks nginx not to collect what it streams.
  return works.length === 1 && program !== 'nginx' ? /polling/ : /stream|eventsource|polling/;
}

/** Where lines are cut, the page itself may get lost; then a browser has a button to load it again, and people press it. */
async function goThrough(page: Page, url: string, findings: readonly Finding[]): Promise<void> {
  const go = (): Promise<unknown> => page.goto(url, { waitUntil: 'commit' });
  if (findings.includes('lines-cut')) await expect(go).toPass();
  else await go();
}

/** When the page's scripts were there, and when somebody was in the room; ms since navigation. */
async function arrive(
  { chat }: User,
  { url, findings }: Environment,
  room: string,
): Promise<{ loaded: number; joined: number }> {
  const { page } = chat;
  await goThrough(page, `${url}/chat/${room}`, findings);
  await chat.members.filter({ hasText: 'you' }).waitFor({ timeout: PATIENCE_MS });
  return page.evaluate(() => {
    const scripts = performance
      .getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js'))
      .map((entry) => (entry as PerformanceResourceTiming).responseEnd);
    return { joined: performance.now(), loaded: Math.min(...scripts) };
  });
}

function describeRun(name: string, times: { loaded: number; joined: number }, transport: string): string {
  const ms = (value: number): string => `${Math.round(value)} ms`.padStart(9);
  return `${name.padEnd(28)} ${transport.padEnd(14)} page${ms(times.loaded)}, joined${ms(times.joined)}, connecting${ms(times.joined - times.loaded)}`;
}

/**
 * To a page that chats for some seconds these are like others here: they take longer to show what they do, or do what
 * another one does by another program. The client goes through all of them in Node.
 */
const ALIKE: ReadonlySet<string> = new Set([
  'bodies-recoded',
  'body-1k',
  'connection-per-response',
  'errors-at-random',
  'haproxy-5s',
  'haproxy-no-delay',
  'haproxy-refuses-websocket',
  'haproxy-tunnel',
  'idle-close-10s',
  'idle-close-2s',
  'idle-reset-10s',
  'idle-silent-10s',
  'idle-silent-2s',
  'latency-1500ms',
  'life-8s',
  'lumps-1s',
  'nginx-bare-1500ms',
  'nginx-bare-300ms',
  'nginx-gzip',
  'nginx-read-5s',
  'nginx-upgrade',
  'posts-held',
  'query-removed',
  'rate-limited',
  'several-addresses',
  'slow-info-buffered',
  'squid-https',
  'switchable',
  'tinyproxy',
  'websocket-mute-down',
  'websocket-mute-up',
]);

/** Where one server is behind it and POST arrives; what takes longest first. */
const PASSABLE = ENVIRONMENTS.filter(
  ({ name, nodes, carriesPost }) => carriesPost && nodes === 1 && !ALIKE.has(name),
).toSorted((a, b) => b.roundTripMs - a.roundTripMs);

test.describe('Two people chat through', () => {
  for (const description of PASSABLE) {
    const { name } = description;
    test(name, async ({ server, openUser, room }) => {
      const missing = missingFor(description);
      test.skip(missing !== undefined, missing);
      test.setTimeout(120_000);
      const environment = await startEnvironment(name, { originPort: Number(new URL(server.url).port) });
      try {
        const { proxy } = environment;
        const through = {
          ignoreHTTPSErrors: true,
          ...(proxy !== undefined && { proxy: { server: proxy, bypass: '<-loopback>' } }),
        };
        const [ann, bob] = await Promise.all([
          openUser({ nickname: 'Ann', ...through }),
          openUser({ nickname: 'Bob', ...through }),
        ]);
        const [times] = await Promise.all([arrive(ann, environment, room), arrive(bob, environment, room)]);
        for (const { chat } of [ann, bob])
          await expect(chat.members).toHaveCount(2, { timeout: PATIENCE_MS });

        const said: string[] = [];
        for (let turn = 1; turn <= TURNS; turn++) {
          for (const [who, other] of [
            [ann, bob],
            [bob, ann],
          ] as const) {
            const text = `${who === ann ? 'ann' : 'bob'} ${turn}`;
            said.push(text);
            await who.chat.say(text);
            await expect(other.chat.message(text)).toBeVisible({ timeout: PATIENCE_MS });
          }
        }
        for (const { chat } of [ann, bob]) {
          await expect(chat.page.locator('[data-delivery=sent]')).toHaveCount(said.length, {
            timeout: PATIENCE_MS,
          });
          await expect(chat.texts).toHaveText(said);
          await expect(chat.notices.filter({ hasText: 'left' })).toHaveCount(0);
        }
        await expect(ann.shell.badge).toHaveText(expectedTransport(description), { timeout: PATIENCE_MS });
        console.log(describeRun(name, times, (await ann.shell.badge.innerText()).split(/\s+/).at(-1) ?? ''));
      } finally {
        await environment.stop();
      }
    });
  }
});
