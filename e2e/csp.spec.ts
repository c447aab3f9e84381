import { listenForComplaints } from './complaints.ts';
import { expect, test } from './fixtures.ts';

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
