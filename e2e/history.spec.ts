import { expect, test, type User } from './fixtures.ts';

const lines = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => `line ${from + i}`);

/** Where on the screen a message is, or how it is not. */
async function topOf(user: User, text: string): Promise<number | undefined> {
  return (await user.chat.messages.getByText(text, { exact: true }).boundingBox())?.y;
}

test.describe('History', () => {
  test('is there on joining, and more of it on scrolling up, with the place kept', async ({
    openUser,
    room,
    operate,
  }) => {
    const cook = operate('Cook');
    await cook.say(...lines(1, 130));
    const ann = await openUser({ nickname: 'Ann' });
    await ann.chat.open(room);
    await expect(ann.chat.message('line 130')).toBeInViewport();
    await expect(ann.chat.texts).toHaveText(lines(81, 130));
    await expect(ann.chat.beginning).toHaveCount(0);

    await ann.chat.log.evaluate((log) => log.scrollTo(0, 100));
    const before = await topOf(ann, 'line 84');
    await expect(ann.chat.texts).toHaveText(lines(31, 130));
    expect(await topOf(ann, 'line 84')).toBe(before);

    await ann.chat.log.evaluate((log) => log.scrollTo(0, 0));
    await expect(ann.chat.texts).toHaveText(lines(1, 130));
    await ann.chat.log.evaluate((log) => log.scrollTo(0, 0));
    await expect(ann.chat.beginning).toBeInViewport();
    await expect(ann.chat.message('line 1').first()).toBeInViewport();

    // What is said now does not move somebody who reads what was said then.
    await cook.say('line 131');
    await expect(ann.chat.newMessages).toHaveText(/1 new message/);
    await expect(ann.chat.beginning).toBeInViewport();
  });

  test('is within reach of the keyboard and of screen readers', async ({ openUser, room, operate }) => {
    const cook = operate('Cook');
    await cook.say(...lines(1, 120));
    const ann = await openUser({ nickname: 'Ann' });
    await ann.chat.open(room);
    await expect(ann.chat.texts).toHaveText(lines(71, 120));
    const { keyboard } = ann.shell.page;
    await ann.chat.log.focus();
    await keyboard.press('Home');
    await expect(ann.chat.texts).toHaveText(lines(21, 120));
    await ann.chat.showEarlier.focus();
    await keyboard.press('Enter');
    await expect(ann.chat.texts).toHaveText(lines(1, 120));
    await expect(ann.chat.beginning).toBeFocused();
    await ann.chat.log.focus();
    await keyboard.press('Home');
    await expect(ann.chat.beginning).toBeInViewport();
  });

  test('of an empty room says so', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    await ann.chat.open(room);
    await expect(ann.chat.log).toContainText('Nothing has been said here yet.');
    await ann.chat.say('first');
    await expect(ann.chat.log).toContainText('Beginning of what is kept');
    await expect(ann.chat.log).not.toContainText('Nothing has been said');
  });

  test('goes back no further than the server keeps it', async ({ openUser, room, operate, startServer }) => {
    const server = await startServer('--limit', 'history=5');
    const cook = operate('Cook', server);
    await cook.say(...lines(1, 9));
    const ann = await openUser({ nickname: 'Ann', server });
    await ann.chat.open(room);
    await expect(ann.chat.texts).toHaveText(lines(5, 9));
    await expect(ann.chat.beginning).toBeVisible();
  });
});

test('a reload shows others nothing, and keeps the conversation', async ({ openUser, room }) => {
  const ann = await openUser({ nickname: 'Ann' });
  const bob = await openUser({ nickname: 'Bob' });
  await ann.chat.open(room);
  await expect(ann.chat.status('Only you are here')).toBeVisible();
  await bob.chat.open(room);
  await expect(ann.chat.notices).toHaveText(['Bob came in']);
  await ann.chat.say('one');
  await bob.chat.say('two');
  await expect(ann.chat.texts).toHaveText(['one', 'two']);

  await bob.shell.page.reload();
  await expect(bob.chat.texts).toHaveText(['one', 'two']);
  await expect(bob.chat.message('one')).toContainText('Ann');
  await expect(bob.chat.message('two')).toContainText('You');
  await bob.chat.say('three');
  // Others are told of a member before they hear from it: had there been something to tell, it would be here.
  await expect(ann.chat.texts).toHaveText(['one', 'two', 'three']);
  await expect(ann.chat.notices).toHaveText(['Bob came in']);
  await expect(ann.chat.members).toHaveCount(2);
});
