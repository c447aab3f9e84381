import { expect, test } from './fixtures.ts';

/** As much of `/client/roomplex.js` as a stranger's program needs here. */
interface ClientModule {
  connect(url: string): {
    room(
      name: string,
      options: { name: string },
    ): { join(): Promise<void>; publish(data: unknown): Promise<unknown> };
  };
}

test.describe('Chat', () => {
  test('two people talk, each message once and in one order', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await ann.chat.open(room);
    await bob.chat.open(room);
    await expect(ann.chat.members).toHaveText([/Ann\s+you/, /Bob/]);
    await expect(bob.chat.members).toHaveText([/Ann/, /Bob\s+you/]);

    await ann.chat.say('Is the soup ready?');
    await expect(bob.chat.texts).toHaveText(['Is the soup ready?']);
    await bob.chat.say('Ten more minutes.');
    await bob.chat.say('Set the table?');
    await expect(ann.chat.texts).toHaveText(['Is the soup ready?', 'Ten more minutes.', 'Set the table?']);
    await ann.chat.say('Done.');
    await expect(bob.chat.texts).toHaveText([
      'Is the soup ready?',
      'Ten more minutes.',
      'Set the table?',
      'Done.',
    ]);
    await expect(bob.chat.message('Done.')).toContainText('Ann');
    await expect(ann.chat.message('Done.')).toHaveAttribute('data-delivery', 'sent');
  });

  test('Shift+Enter begins a new line and Enter sends', async ({ openUser, room }) => {
    const ann = await openUser();
    await ann.chat.open(room);
    await ann.chat.composer.pressSequentially('one');
    await ann.chat.composer.press('Shift+Enter');
    await ann.chat.composer.pressSequentially('two');
    await expect(ann.chat.composer).toHaveValue('one\ntwo');
    await expect(ann.chat.messages).toHaveCount(0);
    await ann.chat.composer.press('Enter');
    await expect(ann.chat.composer).toHaveValue('');
    expect(await ann.chat.texts.allInnerTexts()).toEqual(['one\ntwo']);
  });

  test('markup and code in messages, names and rooms stay text', async ({ openUser, room }) => {
    const evil = `<img src=x onerror="document.title='broken'"> javascript:alert(1) \u202E`;
    const ann = await openUser({ nickname: '<b>Ann</b>' });
    const bob = await openUser({ nickname: 'Bob' });
    const name = `${room}/<i>&?#% ü日本😀`;
    await ann.chat.open(name);
    await bob.chat.open(name);
    await expect(ann.chat.members).toHaveCount(2);
    await ann.chat.say(evil);
    await expect(bob.chat.texts).toHaveText([evil]);
    await expect(bob.chat.message(evil)).toContainText('<b>Ann</b>');
    await expect(bob.chat.texts.locator('img, b, a')).toHaveCount(0);
    await expect(bob.shell.heading).toHaveText(name);
    await ann.chat.say('see https://example.org/x.');
    await expect(bob.chat.texts.getByRole('link')).toHaveAttribute('href', 'https://example.org/x');
  });

  test('strings and other JSON from other programs are shown', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    await ann.chat.open(room);
    await expect(ann.chat.status('Only you are here')).toBeVisible();
    await ann.shell.page.evaluate(async (name) => {
      const module = '/client/roomplex.js';
      const client = (await import(module)) as ClientModule;
      const other = client.connect('/multiplex').room(name, { name: 'script' });
      await other.join();
      await other.publish('plain text');
      await other.publish({ topic: 'soup', spoons: [1, 2] });
    }, room);
    await expect(ann.chat.texts).toHaveText(['plain text', '{"topic":"soup","spoons":[1,2]}']);
    await expect(ann.chat.message('plain text')).toContainText('script');
  });

  test('a copied link leads others into the room, whatever its name', async ({ openUser, room: unique }) => {
    const room = `${unique} / notes.txt?&#%`;
    const ann = await openUser({ nickname: 'Ann', permissions: ['clipboard-read', 'clipboard-write'] });
    await ann.shell.goTo('/chat');
    await ann.chat.join(room);
    await expect(ann.shell.heading).toHaveText(room);
    await ann.chat.copyLink.click();
    await expect(ann.chat.page.getByText('Link copied')).toBeVisible();
    const link = await ann.shell.page.evaluate(() => navigator.clipboard.readText());

    const bob = await openUser({ nickname: 'Bob' });
    await bob.shell.goTo(link);
    await expect(bob.chat.members).toHaveCount(2);
    await bob.chat.say('Found it.');
    await expect(ann.chat.texts).toHaveText(['Found it.']);
  });

  test('rooms one does not look at count what is unread', async ({ openUser, room }) => {
    const [kitchen, attic] = [`${room}-kitchen`, `${room}-attic`];
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await ann.chat.open(kitchen);
    await ann.chat.join(attic);
    await expect(ann.shell.heading).toHaveText(attic);
    await bob.chat.open(kitchen);
    await expect(bob.chat.members).toHaveCount(2);
    await bob.chat.say('one');
    await bob.chat.say('two');
    await expect(ann.chat.room(kitchen)).toContainText('2 unread');
    await expect(ann.shell.link(/Chat.*2 unread messages/)).toBeVisible();
    await expect(ann.shell.page).toHaveTitle(`(2) ${attic} – Chat · Roomplex`);

    await ann.chat.turnTo(kitchen);
    await expect(ann.chat.texts).toHaveText(['one', 'two']);
    await expect(ann.chat.room(kitchen)).not.toContainText('unread');
    await expect(ann.shell.page).toHaveTitle(`${kitchen} – Chat · Roomplex`);

    await ann.shell.follow('Latency');
    await expect(ann.shell.heading).toHaveText('Latency');
    await bob.chat.say('three');
    await expect(ann.shell.link(/Chat.*1 unread message/)).toBeVisible();
  });

  test('rooms, nickname and what is typed survive', async ({ openUser, room }) => {
    const [one, two] = [`${room}-one`, `${room}-two`];
    const ann = await openUser({ nickname: 'Ann' });
    await ann.chat.open(one);
    await ann.chat.composer.fill('half a thought');
    await ann.chat.join(two);
    await expect(ann.chat.composer).toHaveValue('');
    await ann.chat.turnTo(one);
    await expect(ann.chat.composer).toHaveValue('half a thought');
    await ann.chat.rename('Anna');
    await expect(ann.chat.members).toHaveText([/Anna\s+you/]);

    await ann.shell.page.reload();
    await expect(ann.chat.rooms).toHaveText([new RegExp(one), new RegExp(two)]);
    await expect(ann.chat.nicknameField).toHaveValue('Anna');
    await expect(ann.chat.members).toHaveText([/Anna\s+you/]);
    await ann.chat.leave(one);
    await expect(ann.shell.heading).toHaveText('Chat');
    await ann.shell.page.reload();
    await expect(ann.chat.rooms).toHaveText([new RegExp(two)]);
  });

  test('others see a new nickname', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await ann.chat.open(room);
    await bob.chat.open(room);
    await expect(bob.chat.members).toHaveCount(2);
    await ann.chat.rename('Anna');
    await expect(bob.chat.members.filter({ hasText: 'Anna' })).toBeVisible();
    await expect(bob.chat.members).toHaveCount(2);
    await ann.chat.say('It is me.');
    await expect(bob.chat.message('It is me.')).toContainText('Anna');
  });

  test('coming and going is noted', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await ann.chat.open(room);
    await expect(ann.chat.status('Only you are here')).toBeVisible();
    await bob.chat.open(room);
    await expect(ann.chat.log).toContainText('Bob came in');
    await expect(ann.chat.status('2 members')).toBeVisible();
    await bob.chat.leave(room);
    await expect(ann.chat.log).toContainText('Bob left');
    await expect(ann.chat.members).toHaveText([/Ann\s+you/]);
  });

  test('who is put out is told so, and may ask to come back', async ({ openUser, operate, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await ann.chat.open(room);
    await expect(ann.chat.status('Only you are here')).toBeVisible();
    await bob.chat.open(room);
    await expect(ann.chat.members).toHaveCount(2);
    const cook = operate('Cook');
    await cook.eject('Bob');
    await expect(bob.chat.page.getByText('You are not in this room')).toBeVisible();
    await expect(bob.chat.status('Not joined')).toBeVisible();
    await expect(ann.chat.notices).toHaveText(['Bob came in', 'Bob had to leave']);
    await cook.say('He is out.');
    await bob.chat.page.getByRole('button', { name: 'Ask again' }).click();
    await expect(ann.chat.members).toHaveCount(2);
    await bob.chat.say('I am back.');
    for (const { chat } of [ann, bob]) await expect(chat.texts).toHaveText(['He is out.', 'I am back.']);
  });

  test('a room with too many people for a list says how many they are', async ({
    openUser,
    room,
    startServer,
  }) => {
    const server = await startServer('--limit', 'roster=2');
    const ann = await openUser({ nickname: 'Ann', server });
    const bob = await openUser({ nickname: 'Bob', server });
    await ann.chat.open(room);
    await expect(ann.chat.status('Only you are here')).toBeVisible();
    await bob.chat.open(room);
    await expect(ann.chat.members).toHaveCount(2);
    const cat = await openUser({ nickname: 'Cat', server });
    await cat.chat.open(room);
    for (const { chat, room: page } of [ann, cat]) {
      await expect(chat.status('3 members')).toBeVisible();
      await expect(chat.page.getByText('3 people here, too many to list.')).toBeVisible();
      await expect(chat.members).toHaveCount(0);
      await chat.roomPage.click();
      await expect(page.figure('Here now')).toContainText(/3\s*members/);
      await chat.page.goBack();
    }
    await cat.chat.leave(room);
    await bob.chat.leave(room);
    await expect(ann.chat.members).toHaveText([/Ann\s+you/]);
    // What happened while there was no list is no news.
    await expect(ann.chat.notices).toHaveText(['Bob came in']);
  });

  test('new messages do not move the log of someone who reads further up', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann', viewport: { width: 1000, height: 500 } });
    const bob = await openUser({ nickname: 'Bob' });
    await ann.chat.open(room);
    await expect(ann.chat.status('Only you are here')).toBeVisible();
    await bob.chat.open(room);
    for (let n = 1; n <= 25; n++) await bob.chat.say(`line ${n}`);
    await expect(ann.chat.messages).toHaveCount(25);
    await expect(ann.chat.message('line 25')).toBeInViewport();

    await ann.chat.message('line 25').hover();
    await ann.chat.log.evaluate((log) => log.scrollTo(0, 0));
    await expect(ann.chat.message('line 25')).not.toBeInViewport();
    await bob.chat.say('newest');
    await expect(ann.chat.newMessages).toHaveText(/1 new message/);
    await expect(ann.chat.message('newest')).not.toBeInViewport();
    await ann.chat.newMessages.click();
    await expect(ann.chat.message('newest')).toBeInViewport();
    await expect(ann.chat.newMessages).toHaveCount(0);
    await bob.chat.say('and one more');
    await expect(ann.chat.message('and one more')).toBeInViewport();
  });

  test('a message the server refuses says so, and can be tried again or discarded', async ({
    openUser,
    room,
    startServer,
  }) => {
    const server = await startServer('--limit', 'message=600');
    const ann = await openUser({ nickname: 'Ann', server });
    await ann.chat.open(room);
    await ann.chat.say('x'.repeat(700));
    const failed = ann.chat.message('x'.repeat(700));
    await expect(failed).toHaveAttribute('data-delivery', 'failed');
    await expect(failed).toContainText('Not sent');
    await expect(ann.chat.status('Only you are here')).toBeVisible();
    await failed.getByRole('button', { name: 'Retry' }).click();
    await expect(failed.getByRole('img', { name: 'Sending' })).toHaveCount(0);
    await expect(failed).toHaveAttribute('data-delivery', 'failed');
    await failed.getByRole('button', { name: 'Discard' }).click();
    await expect(ann.chat.messages).toHaveCount(0);
    await expect(ann.chat.status('Only you are here')).toBeVisible();
    await ann.chat.say('short');
    await expect(ann.chat.message('short')).toHaveAttribute('data-delivery', 'sent');
  });

  test('a message whose answer was lost is sent again by itself, and shown once to all', async ({
    openUser,
    room,
  }) => {
    const ann = await openUser({ nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    // The first message reaches the server, and the connection breaks before its answer comes back.
    let isCut = false;
    await ann.shell.page.routeWebSocket(/\/multiplex\//, (socket) => {
      const server = socket.connectToServer();
      let isDeaf = false;
      socket.onMessage((text) => {
        server.send(text);
        if (isCut || !String(text).includes('NOTIFY')) return;
        isCut = true;
        isDeaf = true;
      });
      server.onMessage((text) => {
        if (isDeaf) void socket.close({ code: 1011, reason: 'cut' });
        else socket.send(text);
      });
    });
    await bob.chat.open(room);
    await expect(bob.chat.status('Only you are here')).toBeVisible();
    await ann.chat.open(room);
    await expect(ann.chat.members).toHaveCount(2);
    await ann.chat.say('Did you get this?');
    await expect(bob.chat.texts).toHaveText(['Did you get this?']);
    const message = ann.chat.message('Did you get this?');
    await expect(message).toHaveAttribute('data-delivery', 'sent');
    await ann.chat.say('Once, I hope.');
    await expect(bob.chat.texts).toHaveText(['Did you get this?', 'Once, I hope.']);
    await expect(ann.chat.texts).toHaveText(['Did you get this?', 'Once, I hope.']);
  });
});
