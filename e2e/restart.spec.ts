import { expect, test } from './fixtures.ts';

/** The client waits 20 s between tries at most. */
const RECOVERY = { timeout: 30_000 };

for (const transport of ['websocket', 'xhr-streaming', 'xhr-polling']) {
  test(`a chat over ${transport} goes on after the server was restarted`, async ({
    openUser,
    room,
    startServer,
  }) => {
    const server = await startServer();
    const ann = await openUser({ nickname: 'Ann', server });
    const bob = await openUser({ nickname: 'Bob', server });
    await ann.chat.open(room, `?transport=${transport}`);
    await bob.chat.open(room);
    await expect(ann.chat.members).toHaveCount(2);
    await ann.chat.say('before');
    await expect(bob.chat.texts).toHaveText(['before']);

    await server.stop();
    await expect(ann.shell.badge).toHaveText(/Reconnecting/);
    await expect(ann.shell.banner).toHaveText('Connection lost.');
    await expect(ann.shell.tryNow).toBeVisible();
    await expect(ann.chat.status('Not connected')).toBeVisible();
    await ann.chat.say('meanwhile');
    await expect(ann.chat.message('meanwhile')).toHaveAttribute('data-delivery', 'pending');

    await server.start();
    await expect(ann.shell.badge).toHaveText(new RegExp(`Connected\\s*${transport}\\s*$`), RECOVERY);
    await expect(bob.shell.badge).toHaveText(/Connected/, RECOVERY);
    await expect(ann.shell.banner).toHaveText('');
    await expect(ann.chat.message('meanwhile')).toHaveAttribute('data-delivery', 'sent');
    await expect(ann.chat.members).toHaveCount(2);
    await expect(bob.chat.members).toHaveCount(2);
    await bob.chat.say('after');
    await expect(ann.chat.message('after')).toBeVisible();
    await expect(ann.chat.texts).toHaveText(['before', 'meanwhile', 'after']);
  });
}

test('what was written without a connection goes out over another transport', async ({
  openUser,
  room,
  startServer,
}) => {
  const server = await startServer();
  const ann = await openUser({ nickname: 'Ann', server });
  await ann.chat.open(room);
  await expect(ann.chat.status('Only you are here')).toBeVisible();
  await server.stop();
  await expect(ann.shell.badge).toHaveText(/Reconnecting/);
  await ann.chat.say('one');
  await ann.chat.rename('Anna');
  await ann.chat.say('two');
  await ann.shell.chooseTransport('xhr-streaming');
  await ann.chat.say('three');
  await server.start();
  await expect(ann.shell.badge).toHaveText(/Connected\s*xhr-streaming\s*$/, RECOVERY);
  await expect(ann.chat.page.locator('[data-delivery=sent]')).toHaveText([/one/, /two/, /three/]);
  await expect(ann.chat.members).toHaveText([/Anna\s+you/]);
});

test('the countdown can be cut short', async ({ openUser, startServer }) => {
  const server = await startServer();
  const ann = await openUser({ server });
  const { page } = ann.shell;
  await page.clock.install();
  await ann.shell.goTo('/');
  await expect(ann.dashboard.status).toHaveText(/^Live/);
  await server.stop();
  await expect(ann.dashboard.status).toHaveText(/Reconnecting/);
  await expect(ann.dashboard.page.getByText(/These figures are \d+ s old/)).toBeVisible();
  // Long enough that the try does not come before the clock stands still.
  await expect(ann.shell.countdown).toHaveText(/Next try in ([2-9]|\d\d) s/, { timeout: 30_000 });
  // With the page's clock at rest, no countdown ends by itself.
  await page.clock.pauseAt(await page.evaluate(() => Date.now() + 100));
  await server.start();
  const connections = async (): Promise<number> => {
    const overview = await page.request.get('/api/overview');
    return ((await overview.json()) as { connections: number }).connections;
  };
  expect(await connections()).toBe(0);
  await ann.shell.tryNow.click();
  await expect.poll(connections).toBe(1);
  await page.clock.resume();
  await expect(ann.dashboard.status).toHaveText(/^Live/);
  await expect(ann.shell.banner).toHaveText('');
});
