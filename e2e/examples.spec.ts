import { expect, test, type Page } from '@playwright/test';
import { startExample, type ExampleProcess } from './example-process.ts';

let example: ExampleProcess;
test.afterEach(() => example.stop());

test('two pages in the lobby open a data channel and talk past the server', async ({ browser }) => {
  example = await startExample('lobby.mjs');
  const [ann, bob, cleo] = (await Promise.all([1, 2, 3].map(() => browser.newPage()))) as [Page, Page, Page];
  const peers = (page: Page) => page.getByRole('list', { name: 'Peers' }).getByRole('listitem');
  const log = (page: Page) => page.getByRole('log', { name: 'Messages' });
  const say = async (page: Page, text: string) => {
    await page.getByLabel('Message to everybody').fill(text);
    await page.getByRole('button', { name: 'Say' }).click();
  };
  await ann.goto(example.url);
  await expect(ann.locator('#self')).not.toHaveText('not in yet');
  await cleo.goto(`${example.url}/?lobby=blue`);
  await bob.goto(example.url);
  await expect(peers(ann)).toHaveText(/: open$/);
  await expect(peers(bob)).toHaveText(/: open$/);

  await say(ann, 'hello from ann');
  await expect(log(bob)).toContainText(': hello from ann');
  await say(bob, 'hello from bob');
  await expect(log(ann)).toContainText(': hello from bob');

  await expect(peers(cleo)).toHaveCount(0);
  await bob.close();
  await expect(peers(ann)).toHaveCount(0);
});

test('an old page of sockjs-rooms runs with our classic script in place of its own', async ({ browser }) => {
  example = await startExample('sockjs-rooms/server.cjs');
  const [ann, bob] = await Promise.all([browser.newPage(), browser.newPage()]);
  const log = (page: Page) => page.getByRole('log', { name: 'Red' });
  for (const page of [ann, bob]) {
    await page.goto(example.url);
    await expect(log(page)).toContainText('[*] open [.] message "Red is connected"');
  }
  await ann.getByLabel('Message to red').fill('one, two');
  await ann.getByLabel('Message to red').press('Enter');
  for (const page of [ann, bob]) await expect(log(page)).toContainText('[.] message "one, two"');
});

test('the page of the channels example measures and talks', async ({ page }) => {
  example = await startExample('channels.mjs');
  await page.goto(example.url);
  await expect(page.locator('#latency')).toHaveText(/^\d+\.\d ms$/);
  await page.getByLabel('Message to red').fill('hi');
  await page.getByRole('button', { name: 'Say' }).click();
  await expect(page.getByRole('listitem')).toHaveText(['Red is connected', 'red heard hi']);
});
