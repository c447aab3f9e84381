import { once } from 'node:events';
import WebSocket from 'ws';
import { expect, test } from './fixtures.ts';

/** As much of `/client/roomplex.js` as is needed here. */
interface ClientModule {
  connect(url: string): { room(name: string): { join(): Promise<void> } };
}

/** A client that is no browser. */
async function openSocket(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  return socket;
}

test.describe('Dashboard', () => {
  test('shows the way to the first room while there is none', async ({ openUser, startServer }) => {
    const server = await startServer();
    const ann = await openUser({ server });
    await ann.shell.goTo('/');
    await expect(ann.dashboard.noRooms).toBeVisible();
    await expect(ann.dashboard.figure('Rooms')).toHaveText('0');
    await ann.dashboard.page.getByRole('link', { name: 'Open the first room' }).click();
    await expect(ann.shell.heading).toHaveText('Chat');
  });

  test('counts people as they come and go', async ({ openUser, startServer, room }) => {
    const server = await startServer();
    const watcher = await openUser({ server });
    await watcher.shell.goTo('/');
    await expect(watcher.dashboard.figure('Connections')).toHaveText('1');

    const ann = await openUser({ nickname: 'Ann', server });
    await ann.chat.open(room);
    await expect(watcher.dashboard.cell(room, 2)).toHaveText('1');
    await expect(watcher.dashboard.figure('Connections')).toHaveText('2');
    const bob = await openUser({ nickname: 'Bob', server });
    await bob.chat.open(room, '?transport=xhr-streaming');
    await expect(watcher.dashboard.cell(room, 2)).toHaveText('2');
    await expect(watcher.dashboard.figure('Connections')).toHaveText('3');
    await expect.poll(() => watcher.dashboard.connections('multiplex', 'websocket')).toBe('2');
    expect(await watcher.dashboard.connections('multiplex', 'xhr-streaming')).toBe('1');

    await ann.chat.say('hello');
    await expect(watcher.dashboard.cell(room, 3)).toHaveText('1');
    await expect(watcher.dashboard.figure('Published')).not.toHaveText(/^[0–] per second/);

    await bob.chat.leave(room);
    await expect(watcher.dashboard.cell(room, 2)).toHaveText('1');
    await ann.shell.page.close();
    // Ten seconds long it may have been a reload.
    await expect(watcher.dashboard.noRooms).toBeVisible({ timeout: 20_000 });
    await expect(watcher.dashboard.figure('Connections')).toHaveText('2');
  });

  test('shows who speaks what over what, as it changes', async ({ openUser, startServer }) => {
    const server = await startServer();
    const watcher = await openUser({ server });
    await watcher.shell.goTo('/');
    const { dashboard } = watcher;
    await expect(dashboard.matrix.getByRole('rowheader')).toHaveText(['multiplex']);
    expect(await dashboard.connections('multiplex', 'websocket')).toBe('1');
    await expect(dashboard.matrix.getByRole('columnheader', { name: 'all' })).toHaveCount(0);

    const open = (path: string): Promise<WebSocket> =>
      openSocket(`${server.url.replace('http', 'ws')}${path}`);
    const layouts = [await open('/layout'), await open('/layout')];
    const echo = await open('/echo');
    await expect.poll(() => dashboard.connections('layout', 'websocket-raw')).toBe('2');
    await expect.poll(() => dashboard.connections('echo', 'websocket-raw')).toBe('1');
    expect(await dashboard.connections('echo', 'websocket')).toBe('·\n0');
    expect(await dashboard.connections('echo', 'all')).toBe('1');
    expect(await dashboard.connections('all', 'websocket-raw')).toBe('3');
    expect(await dashboard.connections('all', 'all')).toBe('4');

    for (const socket of [...layouts, echo]) socket.close();
    await expect(dashboard.matrix.getByRole('rowheader')).toHaveText(['multiplex']);
  });

  test('tells who was turned away and why, and that it goes on', async ({ openUser, startServer }) => {
    const server = await startServer();
    const watcher = await openUser({ server });
    await watcher.shell.goTo('/');
    const { turnedAway } = watcher.dashboard;
    await expect(turnedAway).toContainText('Nothing.');
    const socket = await openSocket(`${server.url.replace('http', 'ws')}/layout`);
    for (const frame of ['no verb', '["WHAT"]', '["WHAT"]']) socket.send(frame);
    await expect(turnedAway).toContainText('3 times');
    const places = turnedAway.getByRole('region');
    await expect(places).toHaveCount(1);
    await expect(turnedAway.getByRole('heading', { name: 'layout' })).toBeVisible();
    await expect(turnedAway.getByRole('listitem')).toHaveText([
      /unknown event\s*(just now|\d+ s ago)\s*2/,
      /bad request\s*(just now|\d+ s ago)\s*1/,
    ]);
    // What happened before the page was opened is no news.
    await watcher.shell.page.reload();
    await expect(turnedAway.getByRole('listitem')).toHaveText([/unknown event\s*2/, /bad request\s*1/]);
    socket.close();
  });

  test('lists the members of a room, live', async ({ openUser, room }) => {
    const ann = await openUser({ nickname: 'Ann' });
    await ann.chat.open(room);
    const watcher = await openUser();
    await watcher.shell.goTo('/');
    await watcher.dashboard.select(room);
    await expect(watcher.dashboard.members).toHaveText([/Ann.*layout · websocket/s]);
    const bob = await openUser({ nickname: 'Bob' });
    await bob.chat.open(room, '?transport=eventsource');
    await expect(watcher.dashboard.members).toHaveText([/Ann/, /Bob.*layout · eventsource/s]);
    await ann.chat.leave(room);
    await expect(watcher.dashboard.members).toHaveText([/Bob/]);
    await watcher.dashboard.openChat.click();
    await expect(watcher.shell.heading).toHaveText(room);
  });

  test('finds and sorts rooms', async ({ openUser, startServer }) => {
    const server = await startServer();
    const ann = await openUser({ nickname: 'Ann', server });
    const bob = await openUser({ nickname: 'Bob', server });
    for (const name of ['attic', 'Kitchen 10', 'Kitchen 2']) {
      await ann.chat.open(name);
      await expect(ann.chat.status('Only you are here')).toBeVisible();
    }
    await bob.chat.open('attic');
    const watcher = await openUser({ server });
    await watcher.shell.goTo('/');
    await expect(watcher.dashboard.rows).toHaveText([/attic/, /Kitchen 2/, /Kitchen 10/]);
    await expect(watcher.dashboard.column('Members')).toHaveAttribute('aria-sort', 'descending');
    await watcher.dashboard.sortBy('Room');
    await watcher.dashboard.sortBy('Room');
    await expect(watcher.dashboard.rows).toHaveText([/Kitchen 10/, /Kitchen 2/, /attic/]);
    await watcher.dashboard.search.fill('kit 2');
    await expect(watcher.dashboard.rows).toHaveText([/Kitchen 2/]);
    await watcher.dashboard.search.fill('cellar');
    await expect(watcher.dashboard.page.getByText('No room matches “cellar”.')).toBeVisible();
  });

  test('shows the largest of many rooms first, and all on request', async ({ openUser, startServer }) => {
    const server = await startServer();
    const ann = await openUser({ server });
    await ann.shell.goTo('/');
    await ann.shell.page.evaluate(async () => {
      const module = '/client/roomplex.js';
      const client = ((await import(module)) as ClientModule).connect('/multiplex');
      await Promise.all(Array.from({ length: 120 }, (_, i) => client.room(`room ${i}`).join()));
    });
    await expect(ann.dashboard.figure('Rooms')).toHaveText('120');
    await expect(ann.dashboard.rows).toHaveCount(100);
    await ann.dashboard.showAll.click();
    await expect(ann.dashboard.rows).toHaveCount(120);
    await expect(ann.dashboard.showAll).toHaveCount(0);
  });

  test('asks for the admin token where there is one, and keeps it for the tab', async ({
    openUser,
    startServer,
  }) => {
    const server = await startServer('--admin-token', 'open sesame');
    const ann = await openUser({ server });
    await ann.shell.goTo('/');
    await expect(ann.dashboard.tokenField).toBeVisible();
    await ann.dashboard.unlockWith('wrong');
    await expect(ann.dashboard.page.getByText('The server did not accept this token.')).toBeVisible();
    await expect(ann.dashboard.figure('Connections')).toHaveCount(0);
    await ann.dashboard.unlockWith('open sesame');
    await expect(ann.dashboard.figure('Connections')).toHaveText('1');
    await ann.shell.page.reload();
    await expect(ann.dashboard.figure('Connections')).toHaveText('1');
    await server.stop();
    await expect(ann.dashboard.status).toHaveText(/Reconnecting/);
    await server.start();
    // The client waits 20 s between tries at most.
    await expect(ann.dashboard.status).toHaveText(/^Live/, { timeout: 30_000 });
  });

  test('an address that leads nowhere shows the way back', async ({ openUser }) => {
    const ann = await openUser();
    await ann.shell.goTo('/no/such/page');
    await expect(ann.shell.heading).toHaveText('No such page');
    await expect(ann.shell.page).toHaveTitle('Page not found · Roomplex');
    await ann.shell.page.getByRole('link', { name: 'Go to the dashboard' }).click();
    await expect(ann.shell.heading).toHaveText('Dashboard');
    await ann.shell.page.goBack();
    await expect(ann.shell.heading).toHaveText('No such page');
  });
});
