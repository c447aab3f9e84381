import { AxeBuilder } from '@axe-core/playwright';
import type { Locator, Page } from '@playwright/test';
import { type Fault, FaultyFiles } from './faulty-files.ts';
import { expect, test as base, type NewUser, type User } from './fixtures.ts';

/** Longer than a file may be silent before it is taken for lost. */
const SILENCE = '00:12';

const test = base.extend<{ files: FaultyFiles; visit: (options?: NewUser) => Promise<User> }>({
  files: async ({ server }, use) => {
    const files = await FaultyFiles.start(server);
    await use(files);
    await files.stop();
  },
  /** Somebody whose files come over the faulty line. */
  visit: async ({ openUser, files }, use) => {
    await use((options) => openUser({ nickname: 'Ann', baseURL: files.url, ...options }));
  },
});

function words(page: Page): Locator {
  return page.getByRole('status').filter({ hasText: /on its way|has not arrived|could not be loaded/ });
}

function loadAgain(page: Page): Locator {
  return page.getByRole('button', { name: 'Load again' });
}

const ground = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);

test.describe('A page of which files get lost', () => {
  // Chromium itself asks a second time for what a kept connection did not bring.
  for (const [what, path] of [
    ['its script', /\/assets\/index-.*\.js$/],
    ['a script that its script needs', /\/assets\/client-.*\.js$/],
    ['the scripts that look after it, its theme and its script', /\/(?:arrival|theme|assets\/index-.*)\.js$/],
  ] as const)
    test(`comes by itself without ${what}`, async ({ visit, files, room }) => {
      const { chat } = await visit();
      files.lose(path, 'reset', 2);
      await chat.open(room);
      await expect(chat.members.filter({ hasText: 'you' })).toBeVisible();
      expect(await chat.page.evaluate(() => sessionStorage.getItem('roomplex.reloaded'))).toBeNull();
    });

  test('gets its styles later, and is not loaded again for them', async ({ visit, files, room }) => {
    const { chat } = await visit({ colorScheme: 'dark' });
    files.lose(/\.css$/, 'reset', 2);
    files.lose(/\/theme\.js$/, 'reset', 2);
    await chat.page.addInitScript(() => localStorage.setItem('roomplex.theme', 'light'));
    await chat.open(room);
    await chat.composer.fill('half a thought');
    await expect.poll(() => ground(chat.page)).toBe('rgb(245, 247, 251)');
    await expect(chat.composer).toHaveValue('half a thought');
    // Once to be shown, and once to see whether it can be had; not even that where the browser asks again by itself.
    expect(files.asked(/^\/chat\//)).toBeLessThanOrEqual(2);
    await expect.poll(() => files.asked(/\.css$/)).toBeGreaterThan(1);
  });

  for (const [what, path] of [
    ['scripts are', /\/assets\/(?:index|panels)-.*\.js$/],
    ['styles are', /\.css$/],
    ['theme is', /\/theme\.js$/],
  ] as const)
    test(`comes by itself when its ${what} swallowed`, async ({ visit, files, room }) => {
      const { chat } = await visit();
      const { page } = chat;
      await page.clock.install();
      files.lose(path, 'swallowed', 2);
      await page.goto(`/chat/${room}`, { waitUntil: 'commit' });
      await expect.poll(() => files.asked(path)).toBeGreaterThan(0);
      await expect(async () => {
        await page.clock.fastForward(SILENCE);
        await expect(chat.members.filter({ hasText: 'you' })).toBeVisible({ timeout: 1_000 });
      }).toPass();
    });

  test('says so while its server is away, and is there when the server is', async ({
    visit,
    files,
    room,
  }) => {
    const { chat } = await visit();
    files.lose(/\/assets\/index-.*\.js$/, 'reset');
    await chat.open(room);
    await expect(words(chat.page)).toHaveText(/has not arrived/);
    await expect(loadAgain(chat.page)).toBeVisible();
    files.mend();
    await expect(chat.members.filter({ hasText: 'you' })).toBeVisible();
  });

  test('is not loaded again for ever', async ({ visit, files, room }) => {
    const { chat } = await visit();
    files.lose(/\/assets\/index-.*\.js$/, 404);
    await chat.open(room);
    await expect(words(chat.page)).toHaveText(/could not be loaded/);
    // Each time the page itself, and the same once more to see whether the server answers.
    expect(files.asked(/^\/chat\//)).toBe(8);
    files.mend();
    await loadAgain(chat.page).click();
    await expect(chat.members.filter({ hasText: 'you' })).toBeVisible();
  });

  for (const [path, colorScheme, width, heading] of [
    ['/', 'light', 1280, 'Dashboard'],
    ['/doctor', 'dark', 360, 'Connection doctor'],
  ] as const)
    test(`can be loaded again when nothing of it runs: ${path}`, async ({ visit, files }) => {
      const { shell } = await visit({ colorScheme, viewport: { width, height: 640 } });
      files.lose(/\.(?:js|css)(?:\?again)?$/, 'reset');
      await shell.page.goto(path);
      await expect(words(shell.page)).toHaveText(/on its way/);
      const { violations } = await new AxeBuilder({ page: shell.page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
        .analyze();
      expect(violations).toEqual([]);
      files.mend();
      await loadAgain(shell.page).click();
      await expect(shell.heading).toHaveText(heading);
    });

  test('shows nothing of all this where nothing is lost', async ({ visit }) => {
    const { shell } = await visit();
    await shell.page.addInitScript(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      const look = (): void => {
        const section = document.querySelector('.arrival');
        if (section?.checkVisibility({ visibilityProperty: true })) seen.push(section.textContent ?? '');
        requestAnimationFrame(look);
      };
      look();
    });
    await shell.goTo('/');
    await expect(shell.heading).toHaveText('Dashboard');
    expect(await shell.page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen)).toEqual([]);
  });
});

test.describe('A part of the page that gets lost', () => {
  const PART = /\/assets\/rp-latency-page-.*\.js$/;

  for (const fault of ['reset', 503] satisfies Fault[])
    test(`is asked for again: ${fault}`, async ({ visit, files, room }) => {
      const { shell, chat, latency } = await visit();
      await chat.open(room);
      await chat.composer.fill('half a thought');
      files.lose(PART, fault, 3);
      await shell.follow('Latency');
      await expect(latency.start).toBeVisible();
      await shell.page.goBack();
      await expect(chat.composer).toHaveValue('half a thought');
    });

  test('is asked for again when it was swallowed, and meanwhile the page says so', async ({
    visit,
    files,
    room,
  }) => {
    const { shell, chat, latency } = await visit();
    await chat.open(room);
    await expect(chat.composer).toBeVisible();
    await shell.page.clock.install();
    files.lose(PART, 'swallowed', 1);
    await shell.follow('Latency');
    await expect.poll(() => files.asked(PART)).toBe(1);
    await shell.page.clock.fastForward('00:03');
    await expect(shell.page.getByText('long in coming')).toBeVisible();
    await shell.page.clock.fastForward(SILENCE);
    await expect(latency.start).toBeVisible();
    await expect(shell.page.getByText('long in coming')).toBeHidden();
  });

  test('is given up when there is no such file any more, and the other pages stay', async ({
    visit,
    files,
    room,
  }) => {
    const { shell, chat, latency } = await visit();
    await chat.open(room);
    await chat.composer.fill('half a thought');
    files.lose(PART, 404);
    await shell.follow('Latency');
    await expect(shell.heading).toHaveText('This page could not be loaded');
    await shell.page.goBack();
    await expect(chat.composer).toHaveValue('half a thought');
    files.mend();
    await shell.follow('Latency');
    await expect(latency.start).toBeVisible();
  });
});
