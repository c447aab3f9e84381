import { expect, test } from './fixtures.ts';
import { PageLine } from './page-line.ts';

const WEBSOCKET = '?transport=websocket';
/** The client waits 20 s between tries at most. */
const RECOVERY = { timeout: 30_000 };

test.describe('After a lost connection', () => {
  test('what was said meanwhile is there, once, in order, below a word on it', async ({
    openUser,
    room,
    operate,
  }) => {
    const cook = operate('Cook');
    const ann = await openUser({ nickname: 'Ann' });
    const line = await PageLine.of(ann.shell.page);
    await ann.chat.open(room, WEBSOCKET);
    await cook.say('before');
    await expect(ann.chat.texts).toHaveText(['before']);

    await line.cut();
    await expect(ann.chat.status('Not connected')).toBeVisible();
    await expect(ann.shell.banner).toHaveText('Connection lost.');
    await ann.chat.say('mine, first');
    await ann.chat.say('mine, second');
    await expect(ann.chat.message('mine, second')).toContainText('Will be sent when the connection is back');
    await expect(ann.shell.page.getByText('2 messages will be sent when it is back.')).toBeVisible();
    await cook.say('meanwhile 1', 'meanwhile 2', 'meanwhile 3');
    await line.mend();
    const all = ['before', 'meanwhile 1', 'meanwhile 2', 'meanwhile 3', 'mine, first', 'mine, second'];
    await expect(ann.chat.texts).toHaveText(all, RECOVERY);
    await expect(ann.chat.page.locator('[data-delivery=sent]')).toHaveCount(all.length);
    await expect(ann.chat.dividers).toHaveText(['3 messages while you were away']);
    await expect(ann.shell.banner).toHaveText('');
    const bob = await openUser({ nickname: 'Bob' });
    await bob.chat.open(room);
    await expect(bob.chat.texts).toHaveText(all);
  });

  test('one is told how many messages are gone for good', async ({
    openUser,
    room,
    operate,
    startServer,
  }) => {
    const server = await startServer('--limit', 'history=5');
    const cook = operate('Cook', server);
    const ann = await openUser({ nickname: 'Ann', server });
    const line = await PageLine.of(ann.shell.page);
    await ann.chat.open(room, WEBSOCKET);
    await cook.say('before');
    await expect(ann.chat.texts).toHaveText(['before']);
    await line.cut();
    await expect(ann.chat.status('Not connected')).toBeVisible();
    for (let n = 1; n <= 12; n++) await cook.say(`meanwhile ${n}`);
    await line.mend();
    await expect(ann.chat.texts).toHaveText(
      ['before', 8, 9, 10, 11, 12].map((n) => (typeof n === 'number' ? `meanwhile ${n}` : n)),
      RECOVERY,
    );
    await expect(ann.chat.dividers).toHaveText(['You missed 7 messages that are no longer kept']);
    await cook.say('after');
    await expect(ann.chat.message('after')).toBeVisible();
  });

  test('one is told when the room started over, and sees what was said there already', async ({
    openUser,
    room,
    startServer,
    operate,
  }) => {
    const server = await startServer();
    const ann = await openUser({ nickname: 'Ann', server });
    await ann.chat.open(room);
    await ann.chat.say('before');
    await expect(ann.chat.message('before')).toHaveAttribute('data-delivery', 'sent');
    const line = await PageLine.of(ann.shell.page);
    await ann.shell.page.reload();
    await expect(ann.chat.texts).toHaveText(['before']);
    await line.cut();
    await server.stop();
    await server.start();
    const cook = operate('Cook', server);
    await cook.say('first of the new room');
    await line.mend();
    await expect(ann.chat.texts).toHaveText(['before', 'first of the new room'], RECOVERY);
    await expect(ann.chat.dividers).toHaveText(['Messages may be missing here: the room started over']);
  });

  test('a message that nobody can tell the fate of says so, and can be sent again', async ({
    openUser,
    room,
    startServer,
  }) => {
    const server = await startServer();
    const ann = await openUser({ nickname: 'Ann', server });
    const line = await PageLine.of(ann.shell.page);
    await ann.chat.open(room, WEBSOCKET);
    await expect(ann.chat.status('Only you are here')).toBeVisible();
    // It goes out, the answer does not come back, and then there is nobody left to ask.
    line.deafenAfter('Are you there?');
    await ann.chat.say('Are you there?');
    await expect(ann.chat.message('Are you there?').getByRole('img', { name: 'Sending' })).toBeVisible();
    await server.stop('SIGKILL');
    await line.cut();
    await server.start();
    await line.mend();
    const message = ann.chat.message('Are you there?');
    await expect(message).toContainText('Nobody can say whether this arrived.', RECOVERY);
    await expect(message).toContainText('If you retry, it may appear twice.');
    await message.getByRole('button', { name: 'Retry' }).click();
    await expect(message).toHaveAttribute('data-delivery', 'sent');
    await expect(ann.chat.texts).toHaveText(['Are you there?']);
  });

  test('nothing is missing after the server crashed, if it has a store', async ({
    openUser,
    room,
    operate,
    startServer,
  }, testInfo) => {
    const server = await startServer('--data', testInfo.outputPath('data'));
    const cook = operate('Cook', server);
    await cook.say('said before', 'said before, too');
    await cook.change({ key: 'topic', value: 'soup' });
    const ann = await openUser({ nickname: 'Ann', server });
    await ann.chat.open(room);
    await ann.chat.say('mine');
    await expect(ann.chat.message('mine')).toHaveAttribute('data-delivery', 'sent');
    await server.stop('SIGKILL');
    await expect(ann.shell.banner).toHaveText('Connection lost.');
    await ann.chat.say('mine, later');
    await server.start();
    await expect(ann.chat.message('mine, later')).toHaveAttribute('data-delivery', 'sent', RECOVERY);
    const all = ['said before', 'said before, too', 'mine', 'mine, later'];
    await expect(ann.chat.texts).toHaveText(all);
    await expect(ann.chat.dividers).toHaveCount(0);
    await ann.shell.page.reload();
    await expect(ann.chat.texts).toHaveText(all);
    await ann.chat.roomPage.click();
    await expect(ann.room.value('topic')).toHaveText('"soup"');
  });

  test('a short cut changes nothing on the page, and nothing for others', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    const line = await PageLine.of(ann.shell.page);
    await bob.chat.open(room);
    await expect(bob.chat.status('Only you are here')).toBeVisible();
    await ann.chat.open(room, WEBSOCKET);
    await expect(ann.chat.members).toHaveCount(2);
    await expect(bob.chat.notices).toHaveText(['Ann came in']);
    await ann.shell.page.evaluate(() => {
      const texts = new Set<string>();
      Object.assign(globalThis, { seen: texts });
      const look = (): void => {
        const page = document.querySelector('rp-app')?.shadowRoot?.querySelector('rp-chat-page');
        texts.add(page?.shadowRoot?.querySelector('.title p')?.textContent ?? '');
        requestAnimationFrame(look);
      };
      look();
    });
    await line.cut();
    await line.mend();
    await bob.chat.say('still there?');
    await expect(ann.chat.texts).toHaveText(['still there?'], RECOVERY);
    await ann.chat.say('of course');
    await expect(bob.chat.texts).toHaveText(['still there?', 'of course']);
    await expect(bob.chat.notices).toHaveText(['Ann came in']);
    await expect(ann.chat.dividers).toHaveCount(0);
    const seen = await ann.shell.page.evaluate(() => [
      ...(globalThis as unknown as { seen: Set<string> }).seen,
    ]);
    expect(seen).toEqual(['2 members']);
  });
});
