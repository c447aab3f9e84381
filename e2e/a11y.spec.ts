import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, test, type User } from './fixtures.ts';
import { PageLine } from './page-line.ts';
import { RoomPage } from './pages/room-page.ts';

const WIDE = { width: 1280, height: 740 };
const NARROW = { width: 360, height: 740 };
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

const PLACES: Readonly<Record<string, (user: User, room: string) => Promise<void>>> = {
  dashboard: async ({ shell, dashboard, chat }, room) => {
    await chat.open(room);
    await expect(chat.status('Only you are here')).toBeVisible();
    const other = await shell.page.context().newPage();
    await other.goto(`/chat/${room}`);
    await expect(chat.status('2 members')).toBeVisible();
    await shell.goTo('/');
    await dashboard.select(room);
    await expect(dashboard.members.first()).toBeVisible();
  },
  chat: async ({ chat }, room) => {
    await chat.open(room);
    await chat.say('see https://example.org');
    await expect(chat.message('see')).toHaveAttribute('data-delivery', 'sent');
  },
  'chat without a room': async ({ shell }) => {
    await shell.goTo('/chat');
    await expect(shell.heading).toHaveText('Chat');
  },
  'a room that remembers nothing': async ({ room: page }, room) => {
    await page.open(room);
    await expect(page.status).toContainText('Live');
  },
  'a room whose state is edited': async ({ room: page }, room) => {
    await page.open(room);
    for (const [key, value] of [
      ['topic', '{ "soup": [1, true, null, "hot"] }'],
      ['note', JSON.stringify('long '.repeat(300))],
    ] as const) {
      await page.add.click();
      await page.keyField.fill(key);
      await page.valueField.fill(value);
      await page.save.click();
      await expect(page.row(key)).toBeVisible();
    }
    await page.edit('topic').click();
    await page.valueField.fill('{');
    await page.save.click();
    await expect(page.problem).toBeVisible();
    await page.remove('note').click();
    await page.add.click();
  },
  'a conflict about a key': async ({ room: page, shell }, room) => {
    await page.open(room);
    await page.add.click();
    await page.keyField.fill('topic');
    await page.valueField.fill('"tea"');
    const other = await shell.page.context().newPage();
    await other.goto(`/rooms/${room}`);
    await expect(page.members).toHaveCount(2);
    const theirs = new RoomPage(other);
    await theirs.add.click();
    await theirs.keyField.fill('topic');
    await theirs.valueField.fill('"soup"');
    await theirs.save.click();
    await expect(page.rows).toHaveCount(1);
    await page.save.click();
    await expect(page.conflict).toBeVisible();
  },
  latency: async ({ latency }) => {
    await latency.open();
    await latency.start.click();
    await expect(latency.figure('p99')).toHaveText(/ms/);
    await latency.tableSwitch.click();
    await expect(latency.table.getByRole('row').nth(2)).toBeVisible();
  },
  'the protocols': async ({ shell, trying }) => {
    await shell.goTo('/try');
    await expect(trying.cards).toHaveCount(10);
  },
  'a protocol with two clients': async ({ trying }) => {
    await trying.open('layout');
    const one = trying.client('A');
    await one.sendExample('JOIN');
    await expect(one.received).toHaveCount(1);
    await one.pretty.click();
    await trying.openAnother.click();
    await trying.client('B').sendExample('NOTIFY');
    await expect(trying.client('B').sent).toHaveCount(1);
  },
  'a protocol that cannot be reached': async ({ trying }) => {
    await trying.open('service', '?name=nobody');
    await trying.client().send.click();
    await expect(trying.client().notes.last()).toHaveText('What was waiting was not sent.');
  },
  'a page that is not there': async ({ shell }) => {
    await shell.goTo('/no/such/page');
    await expect(shell.heading).toHaveText('No such page');
  },
  'the connection': async ({ shell }) => {
    await shell.goTo('/latency');
    await shell.badge.click();
    await expect(shell.transportChoice('websocket')).toBeVisible();
  },
};

for (const [place, go] of Object.entries(PLACES)) {
  test(`${place} is accessible in both themes, wide and narrow`, async ({ openUser, room }) => {
    // Colours that change slowly have no contrast to speak of meanwhile.
    const user = await openUser({
      colorScheme: 'light',
      reducedMotion: 'reduce',
      viewport: WIDE,
      nickname: 'Ann',
    });
    const { page } = user.shell;
    await go(user, room);
    await expect(user.shell.badge).toHaveText(/Connected/);
    await expectNoViolations(page, 'everything');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expectNoViolations(page, 'contrast');
    await page.setViewportSize(NARROW);
    await expectNoViolations(page, 'everything');
    await page.emulateMedia({ colorScheme: 'light' });
    await expectNoViolations(page, 'contrast');
  });
}

/** What depends on the theme is contrast alone. */
async function expectNoViolations(page: Page, of: 'everything' | 'contrast'): Promise<void> {
  // Behind another tab colours stay as they were painted last.
  await page.bringToFront();
  // What is half below the bar at the top would count as too small to hit.
  await page.evaluate(() => scrollTo(0, 0));
  const axe = new AxeBuilder({ page });
  const { violations, passes } = await (
    of === 'everything' ? axe.withTags(RULES) : axe.withRules('color-contrast')
  ).analyze();
  expect(passes.length).toBeGreaterThan(of === 'everything' ? 10 : 0);
  expect(
    violations.map(({ id, nodes }) => ({ id, where: nodes.map(({ target }) => target.join(' ')) })),
  ).toEqual([]);
}

test('a chat with more history and with dividers is accessible', async ({ openUser, operate, room }) => {
  const cook = operate('Cook');
  await cook.say(...Array.from({ length: 60 }, (_, n) => `line ${n}`));
  const user = await openUser();
  const line = await PageLine.of(user.shell.page);
  await user.chat.open(room, '?transport=websocket');
  await expect(user.chat.message('line 59')).toBeVisible();
  await line.cut();
  await expect(user.chat.status('Not connected')).toBeVisible();
  await cook.say('meanwhile');
  await line.mend();
  await expect(user.chat.dividers).toHaveText(['1 message while you were away'], { timeout: 30_000 });
  await expectNoViolations(user.shell.page, 'everything');
});

test('a chat that lost its server is accessible', async ({ openUser, startServer, room }) => {
  const server = await startServer();
  const user = await openUser({ server });
  await user.chat.open(room);
  await expect(user.chat.status('Only you are here')).toBeVisible();
  await server.stop();
  await expect(user.shell.banner).toHaveText('Connection lost.');
  await user.chat.say('hello?');
  await expect(user.chat.message('hello?')).toHaveAttribute('data-delivery', 'pending');
  await expectNoViolations(user.shell.page, 'everything');
});
