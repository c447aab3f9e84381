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

test.describe('Every gateway on every transport of a browser', () => {
  for (const transport of ['a plain WebSocket', ...BROWSER_TRANSPORTS]) {
    test(`over ${transport}`, async ({ page, startServer }) => {
      // The stock client's JSONP takes its time between two forms.
      test.setTimeout(180_000);
      const server = await startServer();
      await page.goto(server.url);
      await page.addScriptTag({ url: '/client/sockjs.min.js' });
      expect(conversations.length).toBeGreaterThan(0);
      for (const conversation of conversations) {
        const { gateway } = conversation;
        await test.step(gateway, async () => {
          const open = () => BrowserLine.open(page, `${server.url}/${gateway}`, transport);
          const line = await open();
          await conversation.hold(line, open);
          await line.close();
        });
      }
    });
  }
});
