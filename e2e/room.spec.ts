import { expect, test } from './fixtures.ts';
import { PageLine } from './page-line.ts';

test.describe('The page of a room', () => {
  test('explains state where there is none, and takes the first key', async ({ openUser, room, operate }) => {
    const ann = await openUser({ nickname: 'Ann', permissions: ['clipboard-read', 'clipboard-write'] });
    await ann.room.open(room);
    await expect(ann.shell.heading).toHaveText(room);
    await expect(ann.shell.page).toHaveTitle(`${room} – Room · Roomplex`);
    await expect(ann.room.state).toContainText('State is what a room remembers');
    await ann.room.state.getByRole('button', { name: 'Copy the line of code' }).click();
    const snippet = await ann.room.page.evaluate(() => navigator.clipboard.readText());
    expect(snippet).toBe("await room.state.set('topic', { soup: 'tomato' });");

    await ann.room.add.click();
    await ann.room.keyField.fill('topic');
    await ann.room.valueField.fill('{ "soup": tomato }');
    await ann.room.save.click();
    await expect(ann.room.problem).toContainText('This is not JSON');
    await expect(ann.room.valueField).toBeFocused();
    expect(await operate('Cook').state()).toEqual([]);
    await ann.room.valueField.fill('{ "soup": "tomato" }');
    await expect(ann.room.state).toContainText('Saved as object with 1 field.');
    await ann.room.save.click();
    await expect(ann.room.value('topic')).toHaveText('{ "soup": "tomato" }');
    await expect(ann.room.keyField).toHaveCount(0);
    expect(await operate('Cook').state()).toEqual([{ key: 'topic', value: { soup: 'tomato' }, rev: 1 }]);
    await expect(ann.room.figure('Revision')).toContainText(/1\s*1 key/);
  });

  test('is reached from the chat and from the dashboard, and leads to the chat', async ({
    openUser,
    room,
  }) => {
    const name = `${room} / 1.0`;
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await bob.chat.open(name);
    await expect(bob.chat.status('Only you are here')).toBeVisible();
    await ann.shell.goTo('/');
    await ann.dashboard.select(name);
    await ann.dashboard.roomPage.click();
    await expect(ann.shell.heading).toHaveText(name);
    await expect(ann.shell.heading).toBeFocused();
    await expect(ann.room.members).toHaveText([/Bob/, /Ann\s+you/]);
    await expect(bob.chat.notices).toHaveText(['Ann came in']);
    await ann.room.openChat.click();
    await expect(ann.chat.members).toHaveText([/Bob/, /Ann\s+you/]);
    await ann.chat.say('from the chat');
    // Others are told of goings before they hear from whoever is there: nobody went, and nobody came again.
    await expect(bob.chat.texts).toHaveText(['from the chat']);
    await expect(bob.chat.notices).toHaveText(['Ann came in']);
    await ann.chat.roomPage.click();
    await expect(ann.shell.heading).toHaveText(name);
    await expect(ann.room.figure('Position')).toContainText(/1\s*epoch \S+/);
  });

  test('shows who is there, where the room stands, and what changes, live', async ({
    openUser,
    room,
    operate,
  }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    const cook = operate('Cook');
    await ann.room.open(room);
    await expect(ann.room.status).toContainText('Live');
    await expect(ann.room.figure('Here now')).toContainText('1');
    await bob.room.open(room);
    await expect(ann.room.members).toHaveText([/Ann\s+you/, /Bob/]);
    await expect(ann.room.figure('Here now')).toContainText(/2\s*members/);
    await cook.say('one', 'two');
    await expect(ann.room.figure('Position')).toContainText(/2\s*epoch \S+/);

    await bob.room.add.click();
    await bob.room.keyField.fill('note');
    await bob.room.type('Text');
    await bob.room.valueField.fill('two\nlines');
    await bob.room.valueField.press('Control+Enter');
    await expect(ann.room.value('note').locator('code')).toHaveText('"two\nlines"', { useInnerText: true });
    await expect(ann.room.row('note')).toContainText('rev 1 · by Bob');
    await expect(ann.room.row('note').locator('.flash')).toBeAttached();
    await expect(ann.room.latest).toHaveText('1 key · Bob set note');
    await expect(bob.room.latest).toHaveText('1 key · You set note');
    await cook.change({ key: 'note' }, { key: 'count', value: 42 });
    await expect(ann.room.rows).toHaveText([/count\s*42/]);
    await expect(ann.room.latest).toHaveText('1 key · 2 keys were set');
    await bob.room.remove('count').click();
    await bob.room.row('count').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(ann.room.rows).toHaveCount(0);
    await expect(ann.room.latest).toHaveText('0 keys · Bob removed count');
  });

  test('shows both values when two people edit one key, and lets them choose', async ({
    openUser,
    room,
    operate,
  }) => {
    const cook = operate('Cook');
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await ann.room.open(room);
    await bob.room.open(room);
    await expect(ann.room.members).toHaveCount(2);
    await cook.change({ key: 'topic', value: 'tea' });
    for (const { room: page } of [ann, bob]) await page.edit('topic').click();
    await expect(ann.room.valueField).toHaveValue('tea');
    await ann.room.valueField.fill('soup');
    await bob.room.valueField.fill('stew');
    await bob.room.save.click();
    await expect(bob.room.valueField).toHaveCount(0);
    await expect(bob.room.edit('topic')).toBeFocused();

    await expect(ann.room.state).toContainText('Somebody changed this key meanwhile.');
    await ann.room.save.click();
    await expect(ann.room.theirs).toContainText('"stew"');
    await expect(ann.room.yours).toContainText('"soup"');
    await expect(ann.room.conflict.getByRole('heading', { level: 4 })).toBeFocused();
    expect(await cook.state()).toMatchObject([{ value: 'stew' }]);

    // Faster than the answer, once more.
    await cook.change({ key: 'topic', value: 'broth' });
    await ann.room.choose('Overwrite with mine').click();
    await expect(ann.room.theirs).toContainText('"broth"');
    await ann.room.choose('Edit again').click();
    await expect(ann.room.valueField).toHaveValue('soup');
    await ann.room.valueField.fill('broth with soup');
    await ann.room.save.click();
    await expect(bob.room.value('topic')).toHaveText('"broth with soup"');
    await expect(ann.room.conflict).toHaveCount(0);

    await ann.room.edit('topic').click();
    await ann.room.valueField.fill('nothing');
    await cook.change({ key: 'topic', value: 'cake' });
    await ann.room.save.click();
    await ann.room.choose('Keep theirs').click();
    await expect(ann.room.value('topic')).toHaveText('"cake"');
    expect(await cook.state()).toMatchObject([{ key: 'topic', value: 'cake' }]);
  });

  test('tells of a key that is there already, and of one that is gone', async ({
    openUser,
    room,
    operate,
  }) => {
    const cook = operate('Cook');
    await cook.change({ key: 'topic', value: 'tea' });
    const ann = await openUser({ nickname: 'Ann' });
    await ann.room.open(room);
    await ann.room.add.click();
    await ann.room.keyField.fill('topic');
    await ann.room.valueField.fill('{"soup":1}');
    await ann.room.save.click();
    await expect(ann.room.conflict).toContainText('topic is there already');
    await expect(ann.room.theirs).toContainText('"tea"');
    await ann.room.choose('Keep theirs').click();
    await expect(ann.room.add).toBeFocused();

    await ann.room.remove('topic').click();
    await cook.change({ key: 'topic', value: 'stew' });
    await expect(ann.room.value('topic')).toHaveText('"stew"');
    await ann.room.row('topic').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(ann.room.theirs).toContainText('"stew"');
    await expect(ann.room.yours).toContainText('Removed');
    await ann.room.choose('Keep theirs').click();

    await ann.room.edit('topic').click();
    await ann.room.valueField.fill('soup');
    await cook.change({ key: 'topic' });
    await expect(ann.room.row('topic')).toContainText('Removed by somebody.');
    await ann.room.save.click();
    await ann.room.choose('Overwrite with mine').click();
    await expect(ann.room.value('topic')).toHaveText('"soup"');
  });

  test('saves what was saved without a connection when it is back', async ({ openUser, room, operate }) => {
    const cook = operate('Cook');
    await cook.change({ key: 'topic', value: 'tea' });
    const ann = await openUser({ nickname: 'Ann' });
    const line = await PageLine.of(ann.shell.page);
    await ann.room.open(room, '?transport=websocket');
    await ann.room.edit('topic').click();
    await line.cut();
    await expect(ann.room.status).toContainText('Not connected');
    await ann.room.valueField.fill('soup');
    await ann.room.save.click();
    await expect(ann.room.state).toContainText('It will be saved when the connection is back.');
    await line.mend();
    await expect(ann.room.value('topic')).toHaveText('"soup"', { timeout: 30_000 });
    await expect(ann.room.valueField).toHaveCount(0);
    expect(await cook.state()).toMatchObject([{ key: 'topic', value: 'soup' }]);
  });

  test('finds a key among many, and shows the rest on request', async ({ openUser, room, operate }) => {
    await operate('Cook').change(
      ...Array.from({ length: 120 }, (_, n) => ({ key: `key-${n}`, value: { n, text: 'x'.repeat(n * 10) } })),
    );
    const ann = await openUser({ nickname: 'Ann' });
    await ann.room.open(room);
    await expect(ann.room.rows).toHaveCount(100);
    await ann.room.state.getByRole('button', { name: 'Show all 120' }).click();
    await expect(ann.room.rows).toHaveCount(120);
    await ann.room.search.fill('key-119');
    await expect(ann.room.rows).toHaveCount(1);
    await expect(ann.room.value('key-119')).toContainText('…');
    await ann.room
      .row('key-119')
      .getByRole('button', { name: /^Show all/ })
      .click();
    await expect(ann.room.value('key-119')).toContainText('x'.repeat(1_190));
  });

  test('says why one is not let in', async ({ openUser, startServer }) => {
    const server = await startServer('--limit', 'room=4');
    const ann = await openUser({ nickname: 'Ann', server });
    await ann.room.open('kitchen');
    await expect(ann.shell.page.getByRole('alert')).toContainText('You are not in this room');
    await expect(ann.room.status).toHaveText('Not joined');
  });
});
