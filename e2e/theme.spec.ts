import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const LIGHT = 'rgb(245, 247, 251)';
const DARK = 'rgb(11, 16, 35)';

async function background(page: Page): Promise<string> {
  return await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
}

test.describe('Theme', () => {
  test('follows the system until one is chosen, and then stays', async ({ openUser }) => {
    const { shell } = await openUser({ colorScheme: 'light' });
    await shell.goTo('/');
    await expect(shell.theme('Theme of the system')).toBeChecked();
    expect(await background(shell.page)).toBe(LIGHT);
    await shell.page.emulateMedia({ colorScheme: 'dark' });
    expect(await background(shell.page)).toBe(DARK);
    await shell.chooseTheme('Light theme');
    expect(await background(shell.page)).toBe(LIGHT);
    await shell.page.reload();
    await expect(shell.theme('Light theme')).toBeChecked();
    expect(await background(shell.page)).toBe(LIGHT);
    await shell.chooseTheme('Theme of the system');
    expect(await background(shell.page)).toBe(DARK);
  });

  test('is there before the app is', async ({ openUser }) => {
    const { shell } = await openUser({ colorScheme: 'light' });
    await shell.goTo('/');
    await shell.chooseTheme('Dark theme');
    await shell.page.route(/\/assets\/.*\.js$/, (route) => route.abort());
    await shell.page.reload();
    await expect(shell.page.locator('rp-app:not(:defined)')).toHaveCount(1);
    expect(await background(shell.page)).toBe(DARK);
  });

  test('changes in all tabs at once', async ({ openUser }) => {
    const { shell } = await openUser({ colorScheme: 'light' });
    await shell.goTo('/');
    const other = await shell.page.context().newPage();
    await other.goto('/latency');
    await shell.chooseTheme('Dark theme');
    await expect.poll(() => background(other)).toBe(DARK);
  });

  test('reaches the chart', async ({ openUser }) => {
    const { shell, latency } = await openUser({ colorScheme: 'light' });
    await latency.open();
    await latency.pingEvery(50);
    await latency.start.click();
    await expect.poll(() => latency.drawnColumns()).toBeGreaterThan(5);
    await shell.chooseTheme('Dark theme');
    // The columns are counted by the accent colour of the theme of now.
    await expect.poll(() => latency.drawnColumns()).toBeGreaterThan(5);
  });

  test('reaches the icon, which is there for pages without a link to it too', async ({
    openUser,
    server,
  }) => {
    const { page } = (await openUser()).shell;
    for (const path of ['/favicon.svg', '/favicon.ico']) {
      const answer = await page.request.get(`${server.url}${path}`);
      expect(answer.status()).toBe(200);
      expect(answer.headers()['content-type']).toContain('image/svg+xml');
    }
    const picture = async (colorScheme: 'light' | 'dark'): Promise<Buffer> => {
      await page.emulateMedia({ colorScheme });
      await page.goto('/favicon.svg');
      return page.screenshot();
    };
    expect((await picture('light')).equals(await picture('dark'))).toBe(false);
  });
});
