import type { Page } from '@playwright/test';
import { BROWSER_TRANSPORTS } from './browser-transports.ts';
import { expect, test } from './fixtures.ts';

/** Collects what the console complains about and what the page's policy forbids. */
async function listenForComplaints(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    // The stock client's frames set `document.domain`, which browsers ignore by now and say so.
    if (message.text().startsWith('document.domain mutation is ignored')) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  await page.exposeFunction('complain', (text: string) => complaints.push(text));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      (globalThis as unknown as { complain(text: string): void }).complain(
        `${violatedDirective}: ${blockedURI}`,
      );
    });
  });
  return complaints;
}

test('every page keeps to the content security policy and a quiet console', async ({
  openUser,
  room,
  server,
}) => {
  const { shell, chat, dashboard, latency, room: roomPage, trying } = await openUser({ nickname: 'Ann' });
  const complaints = await listenForComplaints(shell.page);
  const page = await shell.page.request.get(server.url);
  expect(page.headers()['content-security-policy']).toContain("script-src 'self'");
  expect(page.headers()['content-security-policy']).not.toMatch(/script-src[^;]*unsafe/);

  await chat.open(room);
  await chat.say('hello https://example.org');
  await expect(chat.message('hello')).toHaveAttribute('data-delivery', 'sent');
  await roomPage.open(room);
  await roomPage.add.click();
  await roomPage.keyField.fill('topic');
  await roomPage.valueField.fill('"soup"');
  await roomPage.save.click();
  await expect(roomPage.value('topic')).toHaveText('"soup"');
  await shell.goTo('/');
  await expect(dashboard.status).toHaveText(/^Live/);
  await shell.badge.click();
  await expect(shell.transportChoice('websocket')).toBeVisible();
  await shell.page.keyboard.press('Escape');
  await shell.chooseTheme('Dark theme');
  await latency.open();
  await latency.start.click();
  await expect(latency.figure('p50')).toHaveText(/ms/);
  await trying.open('socket.io');
  await trying.client().sendExample('JOIN');
  await expect(trying.client().received).toHaveText(['ack []']);
  await trying.openAnother.click();
  await trying.showCode('Node');
  await shell.goTo('/no/such/page');
  await expect(shell.heading).toHaveText('No such page');
  expect(complaints).toEqual([]);
});

for (const transport of BROWSER_TRANSPORTS.filter((name) => name !== 'websocket')) {
  test(`${transport} keeps to the content security policy`, async ({ openUser, room }) => {
    const { shell, chat } = await openUser({ nickname: 'Ann' });
    const complaints = await listenForComplaints(shell.page);
    await chat.open(room, `?transport=${transport}`);
    await expect(shell.badge).toHaveText(new RegExp(`${transport}\\s*$`));
    await chat.say('hello');
    await expect(chat.message('hello')).toHaveAttribute('data-delivery', 'sent');
    expect(complaints).toEqual([]);
  });
}

test('what is missed by the policy would be noticed here', async ({ openUser }) => {
  const { shell } = await openUser();
  const complaints = await listenForComplaints(shell.page);
  await shell.goTo('/');
  await shell.page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'document.title = "ran"';
    document.head.append(script);
  });
  await expect.poll(() => complaints).toContainEqual(expect.stringContaining('script-src'));
  await expect(shell.page).not.toHaveTitle('ran');
});
