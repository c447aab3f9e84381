import type { BrowserContext } from '@playwright/test';
import { startEnvironment } from '../lab/index.ts';
import { chromiumArguments } from '../tools/chromium.mjs';
import { expect, test } from './fixtures.ts';
import { AppShell } from './pages/app-shell.ts';
import { ChatPage } from './pages/chat-page.ts';

/** Browsers make six connections to a server over HTTP/1.1: with twice as many tabs nobody may sit on one. */
const TABS = 12;

/** A name that browsers do not take for this computer: its pages are no secure context, as in a company's network. */
const INTRANET = 'intranet.test';

const OTHERS_HOLD = 'this browser already holds 3 connections to this server in other tabs';

/** Twelve pages begin at once, on whatever computer this is. */
const PATIENCE = { timeout: 60_000 };

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const args = [...chromiumArguments, `--host-resolver-rules=MAP ${INTRANET} 127.0.0.1`];
    await use({ ...launchOptions, args });
  },
});

async function openTab(context: BrowserContext, address: string): Promise<ChatPage> {
  const page = await context.newPage();
  await page.goto(address);
  return new ChatPage(page);
}

/** Whether somebody looks at the tab. Playwright lets every page believe that. */
async function show({ page }: ChatPage, isShown: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    },
    isShown ? 'visible' : 'hidden',
  );
}

async function expectTexts(tabs: readonly ChatPage[], texts: readonly string[]): Promise<void> {
  for (const { page, texts: shown } of tabs) {
    await expect(shown).toHaveCount(texts.length, PATIENCE);
    expect((await shown.allInnerTexts()).toSorted()).toEqual(texts.toSorted());
    await expect(page.locator('[data-delivery=sent]')).toHaveCount(texts.length, PATIENCE);
  }
}

test.describe('Twelve tabs of one browser, without WebSocket, over HTTP/1.1', () => {
  for (const [host, isSecure] of [
    ['localhost', true],
    [INTRANET, false],
  ] as const) {
    test(`talk with each other, and more can come, at ${host}`, async ({ server, openUser, room }) => {
      test.setTimeout(300_000);
      const environment = await startEnvironment('upgrade-removed', {
        originPort: Number(new URL(server.url).port),
      });
      try {
        const address = `http://${host}:${new URL(environment.url).port}/chat/${room}`;
        const { chat } = await openUser({ nickname: 'Ann' });
        const context = chat.page.context();
        const tabs = await Promise.all(Array.from({ length: TABS }, () => openTab(context, address)));
        expect(await tabs[0]?.page.evaluate(() => isSecureContext)).toBe(isSecure);
        for (const { members } of tabs) await expect(members).toHaveCount(TABS, PATIENCE);
        const texts = tabs.map((_, index) => `from tab ${index + 1}`);
        await Promise.all(tabs.map((tab, index) => tab.say(texts[index] ?? '')));
        await expectTexts(tabs, texts);

        const late = await test.step('a thirteenth comes', () => openTab(context, address));
        const shell = new AppShell(late.page);
        await expect(late.members).toHaveCount(TABS + 1);
        await late.say('from the thirteenth');
        await expectTexts([late, ...tabs], [...texts, 'from the thirteenth']);
        await shell.badge.click();
        await expect(shell.connectionDetails).toContainText(`${OTHERS_HOLD}; this tab asks in short turns`);

        await test.step('nobody looks at the others any more', async () => {
          await Promise.all(tabs.map((tab) => show(tab, false)));
        });
        await expect(shell.badge).toHaveText(/streaming|eventsource/, PATIENCE);
        await expect(shell.connectionDetails).not.toContainText('short turns', PATIENCE);

        await test.step('all but two of the others go', async () => {
          await Promise.all(tabs.splice(2).map(({ page }) => page.close()));
        });
        for (const { page } of tabs) {
          const other = new AppShell(page);
          await other.badge.click();
          await expect(other.connectionDetails).not.toContainText('short turns', PATIENCE);
        }
        await late.say('still here');
        await expectTexts([late, ...tabs], [...texts, 'from the thirteenth', 'still here']);
      } finally {
        await environment.stop();
      }
    });
  }
});
