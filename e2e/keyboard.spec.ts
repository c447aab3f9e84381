import type { Locator, Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

/** Presses Tab until `target` has the focus. */
async function tabTo(page: Page, target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await test.step(`press ${key} to ${String(target)}`, async () => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press(key);
      if (await target.evaluate((element) => element.matches(':focus'))) return;
    }
    throw new Error(`${key} does not lead to ${String(target)}`);
  });
}

test.describe('With the keyboard alone', () => {
  test('one joins, talks, reads, leaves and changes the transport', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await bob.chat.open(room);
    const { page } = ann.shell;
    const { keyboard } = page;
    await ann.shell.goTo('/');
    await expect(ann.shell.badge).toHaveText(/Connected/);

    await keyboard.press('Tab');
    await expect(ann.shell.skipLink).toBeFocused();
    await expect(ann.shell.skipLink).toBeInViewport();
    await tabTo(page, ann.shell.link('Chat'));
    await keyboard.press('Enter');
    await expect(ann.shell.heading).toHaveText('Chat');
    await expect(ann.shell.heading).toBeFocused();

    await tabTo(page, ann.chat.joinField, 'Shift+Tab');
    await keyboard.type(room);
    await keyboard.press('Enter');
    await expect(ann.chat.composer).toBeFocused();
    await keyboard.type('no mouse here');
    await keyboard.press('Enter');
    await expect(bob.chat.texts).toHaveText(['no mouse here']);
    await expect(ann.chat.composer).toBeFocused();
    await bob.chat.say('impressive');
    await expect(ann.chat.message('impressive')).toBeVisible();
    await expect(ann.chat.composer).toBeFocused();

    await tabTo(page, ann.chat.log, 'Shift+Tab');
    await tabTo(page, ann.shell.badge, 'Shift+Tab');
    await keyboard.press('Enter');
    await expect(ann.shell.connectionDetails).toBeVisible();
    await keyboard.press('Escape');
    await expect(ann.shell.connectionDetails).toBeHidden();
    await expect(ann.shell.badge).toBeFocused();
    await keyboard.press('Enter');
    await tabTo(page, ann.shell.transportChoice('xhr-streaming'));
    await keyboard.press('Enter');
    await expect(ann.shell.badge).toHaveText(/Connected\s*xhr-streaming/);

    await tabTo(page, page.getByRole('button', { name: `Leave ${room}` }));
    await keyboard.press('Enter');
    await expect(ann.chat.rooms).toHaveCount(0);
    await expect(ann.shell.heading).toHaveText('Chat');
    await expect(bob.chat.members).toHaveCount(1);
  });

  test('the skip link leads past the navigation', async ({ openUser }) => {
    const ann = await openUser();
    await ann.shell.goTo('/latency');
    await expect(ann.shell.heading).toHaveText('Latency');
    await ann.shell.page.keyboard.press('Tab');
    await ann.shell.page.keyboard.press('Enter');
    await ann.shell.page.keyboard.press('Tab');
    await expect(ann.latency.start).toBeFocused();
  });

  test('the focus is on the heading after every change of page', async ({ openUser }) => {
    const ann = await openUser();
    await ann.shell.goTo('/');
    for (const name of ['Latency', 'Try it', 'Chat', 'Dashboard']) {
      await ann.shell.link(name).focus();
      await ann.shell.page.keyboard.press('Enter');
      await expect(ann.shell.heading).toHaveText(name);
      await expect(ann.shell.heading).toBeFocused();
      await expect(ann.shell.page).toHaveTitle(`${name} · Roomplex`);
    }
  });

  test('the focus is on the heading too when one leaves a page before it is here', async ({ openUser }) => {
    const { shell } = await openUser();
    let deliver = (): void => undefined;
    const delivery = new Promise<void>((resolve) => (deliver = resolve));
    await shell.page.route(/rp-dashboard-page/, async (route) => {
      await delivery;
      await route.continue();
    });
    await shell.goTo('/');
    await shell.link('Latency').focus();
    await shell.page.keyboard.press('Enter');
    await expect(shell.heading).toHaveText('Latency');
    await expect(shell.heading).toBeFocused();
    deliver();
  });

  test('rooms are sorted and selected', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    await ann.chat.open(room);
    const watcher = await openUser();
    const { page } = watcher.shell;
    await watcher.shell.goTo('/');
    await expect(watcher.dashboard.row(room)).toBeVisible();
    await tabTo(page, watcher.dashboard.column('Age').getByRole('button'));
    await page.keyboard.press('Enter');
    await expect(watcher.dashboard.column('Age')).toHaveAttribute('aria-sort', 'ascending');
    await tabTo(page, watcher.dashboard.row(room).getByRole('button'));
    await page.keyboard.press('Enter');
    await expect(watcher.dashboard.members).toHaveText([/Ann/]);
  });

  test('a key is added, changed and removed', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const { page } = ann.shell;
    const { keyboard } = page;
    await ann.room.open(room);
    await expect(ann.room.status).toContainText('Live');
    await tabTo(page, ann.room.add);
    await keyboard.press('Enter');
    await expect(ann.room.keyField).toBeFocused();
    await keyboard.type('topic');
    await tabTo(page, ann.room.state.getByRole('radio', { name: 'JSON' }));
    await keyboard.press('ArrowRight');
    await tabTo(page, ann.room.valueField);
    await keyboard.type('tea');
    await keyboard.press('Control+Enter');
    await expect(ann.room.value('topic')).toHaveText('"tea"');
    await expect(ann.room.add).toBeFocused();
    await tabTo(page, ann.room.edit('topic'));
    await keyboard.press('Enter');
    await expect(ann.room.valueField).toBeFocused();
    await keyboard.press('Escape');
    await expect(ann.room.edit('topic')).toBeFocused();
    await keyboard.press('Enter');
    await expect(ann.room.valueField).toBeFocused();
    await keyboard.press('Control+A');
    await keyboard.type('soup');
    await tabTo(page, ann.room.save);
    await keyboard.press('Enter');
    await expect(ann.room.value('topic')).toHaveText('"soup"');
    await expect(ann.room.edit('topic')).toBeFocused();
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await expect(ann.room.row('topic').getByRole('button', { name: 'Remove', exact: true })).toBeFocused();
    await keyboard.press('Enter');
    await expect(ann.room.rows).toHaveCount(0);
    await expect(ann.room.add).toBeFocused();
  });

  test('a frame is chosen, changed, sent and brought back', async ({ openUser }) => {
    const { shell, trying } = await openUser();
    const { keyboard } = shell.page;
    await shell.goTo('/try');
    await expect(shell.heading).toHaveText('Try it');
    await tabTo(shell.page, trying.cards.filter({ hasText: 'Echo' }));
    await keyboard.press('Enter');
    await expect(shell.heading).toHaveText('Echo');
    await expect(shell.heading).toBeFocused();
    const client = trying.client();
    await tabTo(shell.page, client.way);
    await keyboard.type('xhr-polling');
    await expect(client.way).toHaveValue('xhr-polling');
    await tabTo(shell.page, client.example('JSON'));
    await keyboard.press('Enter');
    await tabTo(shell.page, client.editor);
    await keyboard.press('Control+Enter');
    await expect(client.received).toHaveText(['{"a":[1,2,{"b":null}],"c":"d"}']);
    await expect(client.state).toHaveText('Connected over xhr-polling');
    // What was sent stays selected: typing replaces it.
    await keyboard.type('again');
    await keyboard.press('Control+Enter');
    await expect(client.received.last()).toHaveText('again');
    await keyboard.press('ArrowUp');
    await expect(client.editor).toHaveValue('{"a":[1,2,{"b":null}],"c":"d"}');
    await tabTo(shell.page, client.log, 'Shift+Tab');
    await tabTo(shell.page, client.disconnect, 'Shift+Tab');
    await keyboard.press('Enter');
    await expect(client.state).toHaveText('Closed with 1000, closed normally');
    await expect(client.connect).toBeFocused();
  });
});
