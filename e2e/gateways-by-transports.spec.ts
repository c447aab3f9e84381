import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BrowserLine } from './browser-line.ts';
import { BROWSER_TRANSPORTS } from './browser-transports.ts';
import { expect, test } from './fixtures.ts';

/** What the gateways' folders offer (server/test/support/conversation.ts). */
interface Conversation {
  readonly gateway: string;
  hold(line: BrowserLine, open: () => Promise<BrowserLine>): Promise<void>;
}

const GATEWAYS = fileURLToPath(new URL('../server/gateways', import.meta.url));
const files = readdirSync(GATEWAYS, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.conversation.ts'),
);
const conversations: Conversation[] = [];
for (const file of files) {
  const module = (await import(pathToFileURL(join(GATEWAYS, file)).href)) as {
    readonly conversations: readonly Conversation[];
  };
  conversations.push(...module.conversations);
}

let url: string;
let stop: () => Promise<void>;

test.beforeAll(async () => {
  const program = join(GATEWAYS, '../test/support/conversation-host.ts');
  const host = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(host, 'exit');
  stop = async () => {
    host.stdin.end();
    await exited;
  };
  const [line] = (await Promise.race([once(host.stdout, 'data'), exited])) as [Buffer];
  url = /http:\S+/.exec(String(line))?.[0] ?? '';
});
test.afterAll(() => stop());

test.describe('Every gateway on every transport of a browser', () => {
  for (const transport of ['a plain WebSocket', ...BROWSER_TRANSPORTS]) {
    test(`over ${transport}`, async ({ page }) => {
      test.setTimeout(120_000);
      expect(conversations.length).toBeGreaterThan(0);
      for (const conversation of conversations) {
        const { gateway } = conversation;
        await test.step(gateway, async () => {
          // A fresh page: what the last one still polls for would keep its share of the browser's connections. It is
          // one on which nothing else connects.
          await page.goto(`${url}/healthz`);
          await page.addScriptTag({ url: '/client/sockjs.min.js' });
          const open = () => BrowserLine.open(page, `${url}/${gateway}`, transport);
          const line = await open();
          await conversation.hold(line, open);
          await line.close();
        });
      }
    });
  }
});
