import { BROWSER_TRANSPORTS } from './browser-transports.ts';
import { listenForComplaints } from './complaints.ts';
import { expect, test } from './fixtures.ts';

const numbered = (who: string): string[] => Array.from({ length: 10 }, (_, i) => `${who} ${i + 1}`);

test.describe('Transports', () => {
  for (const transport of BROWSER_TRANSPORTS) {
    test(`${transport} carries a conversation in order, each message once, within the content security policy`, async ({
      openUser,
      room,
    }) => {
      const ann = await openUser({ nickname: 'Ann' });
      const bob = await openUser({ nickname: 'Bob' });
      const complaints = await listenForComplaints(ann.shell.page);
      await bob.chat.open(room, '?transport=websocket');
      await ann.chat.open(room, `?transport=${transport}`);
      await expect(ann.shell.badge).toHaveText(new RegExp(`Connected\\s*${transport}\\s*$`));
      await expect(bob.shell.badge).toHaveText(/Connected\s*websocket\s*$/);
      await expect(ann.chat.members).toHaveCount(2);
      await expect(bob.chat.members).toHaveCount(2);

      const hers = numbered('ann');
      const his = numbered('bob');
      await Promise.all([
        test.step('Ann says ten things', async () => {
          for (const text of hers) await ann.chat.say(text);
        }),
        test.step('Bob says ten things', async () => {
          for (const text of his) await bob.chat.say(text);
        }),
      ]);
      await expect(ann.chat.page.locator('[data-delivery=sent]')).toHaveCount(20);
      await expect(bob.chat.page.locator('[data-delivery=sent]')).toHaveCount(20);
      const seenByBob = await bob.chat.texts.allInnerTexts();
      expect(await ann.chat.texts.allInnerTexts()).toEqual(seenByBob);
      expect(seenByBob.filter((text) => text.startsWith('ann'))).toEqual(hers);
      expect(seenByBob.filter((text) => text.startsWith('bob'))).toEqual(his);
      await expect(ann.shell.badge).toHaveText(new RegExp(`${transport}\\s*$`));
      expect(complaints).toEqual([]);
    });
  }

  test('the choice is kept for the tab, and automatic finds the best again', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    await ann.chat.open(room);
    await expect(ann.shell.badge).toHaveText(/Connected\s*websocket\s*$/);
    await ann.shell.chooseTransport('xhr-polling');
    await expect(ann.shell.badge).toHaveText(/Connected\s*xhr-polling\s*$/);
    await expect(ann.chat.members).toHaveText([/Ann\s+you/]);
    await ann.shell.page.reload();
    await expect(ann.shell.badge).toHaveText(/Connected\s*xhr-polling\s*$/);
    await ann.shell.chooseTransport('Automatic');
    await expect(ann.shell.badge).toHaveText(/Connected\s*websocket\s*$/);
    await ann.chat.say('still here');
    await expect(ann.chat.message('still here')).toHaveAttribute('data-delivery', 'sent');
  });

  for (const transport of ['iframe-eventsource', 'jsonp-polling', 'xhr-streaming']) {
    test(`who changes from ${transport} to another leaves nobody behind`, async ({ openUser, room }) => {
      const ann = await openUser({ nickname: 'Ann' });
      const bob = await openUser({ nickname: 'Bob' });
      await bob.chat.open(room);
      await ann.chat.open(room, `?transport=${transport}`);
      await expect(bob.chat.members).toHaveCount(2);
      await ann.shell.chooseTransport('websocket');
      await expect(ann.shell.badge).toHaveText(/Connected\s*websocket\s*$/);
      await expect(bob.chat.members).toHaveCount(2);
      await expect(ann.chat.members).toHaveCount(2);
    });
  }

  test('a transport named by the address stays named while going from page to page', async ({ openUser }) => {
    const ann = await openUser();
    await ann.shell.goTo('/?transport=eventsource');
    await expect(ann.shell.badge).toHaveText(/Connected\s*eventsource\s*$/);
    await ann.shell.follow('Latency');
    await expect(ann.shell.page).toHaveURL(/\/latency\?transport=eventsource$/);
    await ann.shell.chooseTransport('xhr-streaming');
    await expect(ann.shell.page).toHaveURL(/\/latency\?transport=xhr-streaming$/);
    await expect(ann.shell.badge).toHaveText(/Connected\s*xhr-streaming\s*$/);
  });

  test('a blocked websocket falls back by itself', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    await ann.shell.page.routeWebSocket(/\/multiplex/, (socket) => void socket.close({ code: 1011 }));
    await ann.chat.open(room);
    await expect(ann.shell.badge).toHaveText(/Connected\s*xhr-streaming\s*$/);
    await ann.chat.say('got through');
    await expect(ann.chat.message('got through')).toHaveAttribute('data-delivery', 'sent');
  });
});
