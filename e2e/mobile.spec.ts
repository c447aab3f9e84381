import { expect, test } from './fixtures.ts';
import type { NewUser } from './fixtures.ts';

const PHONE: NewUser = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

test.describe('On a phone', () => {
  test('no page is wider than the screen', async ({ openUser, room }) => {
    const ann = await openUser(PHONE);
    for (const path of [
      '/',
      `/chat/${room}`,
      '/chat',
      `/rooms/${room}`,
      '/latency',
      '/try',
      '/try/wss',
      '/try/service',
      '/no/such/page',
    ]) {
      await ann.shell.goTo(path);
      await expect(ann.shell.badge).toHaveText(/Connected\s*websocket/);
      await expect(ann.shell.badge).toBeInViewport({ ratio: 1 });
      await expect(ann.shell.heading).toBeAttached();
      const [wide, screen] = await ann.shell.page.evaluate(() => [
        document.documentElement.scrollWidth,
        document.documentElement.clientWidth,
      ]);
      expect(wide, path).toBe(screen);
    }
  });

  test('many protocols and transports scroll within their panel', async ({ openUser, startServer }) => {
    const server = await startServer();
    const ann = await openUser({ ...PHONE, server });
    await ann.shell.goTo('/');
    const { page } = ann.shell;
    await page.evaluate(async () => {
      const script = document.createElement('script');
      script.src = '/client/sockjs.min.js';
      document.head.append(script);
      await new Promise((resolve) => script.addEventListener('load', resolve));
      const { SockJS } = globalThis as unknown as { SockJS: new (...rest: unknown[]) => unknown };
      for (const transports of ['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'])
        new SockJS('/lobby', null, { transports });
      new WebSocket('/layout');
    });
    await expect.poll(() => ann.dashboard.connections('all', 'all')).toBe('6');
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(widths[0]).toBe(widths[1]);
    const corner = ann.dashboard.matrix.getByRole('columnheader', { name: 'all' });
    await expect(corner).not.toBeInViewport();
    await ann.dashboard.matrix.locator('..').focus();
    await expect(async () => {
      await page.keyboard.press('ArrowRight');
      await expect(corner).toBeInViewport({ timeout: 50 });
    }).toPass();
    await expect(ann.dashboard.matrix.getByRole('rowheader', { name: 'lobby' })).toBeInViewport();
  });

  test('a conversation, its rooms and its members take turns', async ({ openUser, room }) => {
    const ann = await openUser({ ...PHONE, nickname: 'Ann' });
    const bob = await openUser({ nickname: 'Bob' });
    await bob.chat.open(room);
    await ann.shell.goTo('/chat');
    await ann.chat.joinField.tap();
    await ann.chat.joinField.fill(room);
    await ann.chat.joinButton.tap();
    await expect(ann.chat.composer).toBeInViewport({ ratio: 1 });
    await ann.chat.say('from the train');
    await expect(bob.chat.texts).toHaveText(['from the train']);
    await bob.chat.say('safe travels');
    await expect(ann.chat.message('safe travels')).toBeInViewport();

    await expect(ann.chat.members.first()).toBeHidden();
    await ann.chat.showMembers.tap();
    await expect(ann.chat.members).toHaveText([/Bob/, /Ann\s+you/]);
    await expect(ann.chat.composer).toBeHidden();
    await ann.chat.showRooms.tap();
    await expect(ann.chat.room(room)).toBeVisible();
    await expect(ann.chat.members.first()).toBeHidden();
    await ann.chat.turnTo(room);
    await expect(ann.chat.composer).toBeInViewport({ ratio: 1 });
    await expect(ann.chat.texts).toHaveText(['from the train', 'safe travels']);
  });

  test('state is added to, and a conflict about it settled', async ({ openUser, room, operate }) => {
    const cook = operate('Cook');
    const ann = await openUser({ ...PHONE, nickname: 'Ann' });
    await ann.room.open(room);
    await ann.room.add.tap();
    await ann.room.keyField.fill('topic');
    await ann.room.valueField.fill('"tea"');
    await ann.room.save.tap();
    await expect(ann.room.value('topic')).toHaveText('"tea"');
    await ann.room.edit('topic').tap();
    await ann.room.valueField.fill(`${'soup '.repeat(40)}`);
    await cook.change({ key: 'topic', value: { a: 'x'.repeat(200) } });
    await ann.room.save.tap();
    await expect(ann.room.theirs).toBeInViewport();
    const [theirs, yours] = [await ann.room.theirs.boundingBox(), await ann.room.yours.boundingBox()];
    expect(yours?.y).toBeGreaterThan(theirs?.y ?? Infinity);
    const widths = await ann.room.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(widths[0]).toBe(widths[1]);
    await ann.room.choose('Overwrite with mine').tap();
    await expect(ann.room.value('topic')).toContainText('soup soup');
  });

  test('two clients of a protocol take turns, and the one out of view tells what is new', async ({
    openUser,
  }) => {
    const { trying } = await openUser(PHONE);
    await trying.open('layout');
    const [one, other] = [trying.client('A'), trying.client('B')];
    await one.send.tap();
    await expect(one.received).toHaveText(['["ACK",1]']);
    await trying.openAnother.tap();
    await expect(one.pane).toBeHidden();
    await expect(trying.turn('B')).toHaveAttribute('aria-pressed', 'true');
    await other.example('NOTIFY').tap();
    await other.send.tap();
    await expect(trying.turn('A')).toHaveText(/Client A\s*\(1 new\)/);
    await trying.turn('A').tap();
    await expect(other.pane).toBeHidden();
    await expect(one.received.last()).toContainText('Hello from bob');
    await expect(trying.turn('A')).toHaveText(/^\s*Client A\s*$/);
    const widths = await trying.page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.clientWidth,
    ]);
    expect(widths[0]).toBe(widths[1]);
  });

  test('the connection opens to its details and a choice', async ({ openUser }) => {
    const ann = await openUser(PHONE);
    await ann.shell.goTo('/');
    await ann.shell.badge.tap();
    await expect(ann.shell.connectionDetails).toBeInViewport({ ratio: 1 });
    await ann.shell.transportChoice('jsonp-polling').tap();
    await expect(ann.shell.badge).toHaveText(/Connected\s*jsonp-polling\s*$/);
  });
});
