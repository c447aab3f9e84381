import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { BROWSER_TRANSPORTS } from './browser-transports.ts';
import { expect, test } from './fixtures.ts';

const run = promisify(execFile);

test.describe('Trying protocols', () => {
  test('the index leads to every protocol, and the strip from one to the next', async ({ openUser }) => {
    const ann = await openUser();
    await ann.shell.goTo('/');
    await ann.shell.follow('Try it');
    await expect(ann.shell.heading).toHaveText('Try it');
    await expect(ann.trying.cards).toHaveText([
      'Channels and rooms',
      'Rooms with nicknames',
      'Message bus',
      'Lobby',
      'Triggers',
      'Token broker',
      'Rooms with state',
      'Session controllers',
      'Socket.IO',
      'Echo',
    ]);
    await ann.trying.cards.filter({ hasText: 'Token broker' }).click();
    await expect(ann.shell.heading).toHaveText('Token broker');
    await expect(ann.shell.heading).toBeFocused();
    await expect(ann.shell.page).toHaveTitle('/ws – Try it · Roomplex');
    await expect(ann.shell.link('Try it')).toHaveAttribute('aria-current', 'page');
    await ann.trying.strip.getByRole('link', { name: '/socket.io' }).click();
    await expect(ann.shell.heading).toHaveText('Socket.IO');
    await expect(ann.shell.heading).toBeFocused();
    await ann.shell.page.goBack();
    await expect(ann.shell.heading).toHaveText('Token broker');
    await ann.shell.goTo('/try/nope');
    await expect(ann.shell.heading).toHaveText('No such page');
  });

  test('a frame goes out and its answer comes in, with direction, size and time', async ({ openUser }) => {
    const { trying } = await openUser();
    const client = trying.client();
    await trying.open('echo');
    await expect(client.state).toHaveText('Not connected');
    await client.say('Grüße');
    await expect(client.received).toHaveText(['Grüße']);
    await expect(client.sent).toHaveText(['Grüße']);
    await expect(client.state).toHaveText('Connected over websocket');
    await expect(client.log.locator('.frame').first()).toHaveText(
      /^\s*Sent\s*Grüße\s*7 B\s*\d\d:\d\d:\d\d\.\d{3}\s*$/,
    );
    await expect(client.log.locator('.frame').last()).toHaveText(/^\s*Received\s*Grüße\s*7 B/);
    await expect(client.way).toBeDisabled();
    await client.disconnect.click();
    await expect(client.state).toHaveText('Closed with 1000, closed normally');
    await client.clear.click();
    await expect(client.log).toHaveText(/Nothing yet/);
  });

  test('the editor remembers what was sent, like a shell', async ({ openUser }) => {
    const { trying } = await openUser();
    const client = trying.client();
    await trying.open('echo');
    await client.say('one');
    await client.say('two');
    await expect(client.received).toHaveText(['one', 'two']);
    await client.editor.fill('half a thou');
    await client.editor.press('ArrowUp');
    await expect(client.editor).toHaveValue('two');
    await client.editor.press('ArrowUp');
    await expect(client.editor).toHaveValue('one');
    await client.editor.press('ArrowUp');
    await expect(client.editor).toHaveValue('one');
    await client.editor.press('ArrowDown');
    await client.editor.press('ArrowDown');
    await expect(client.editor).toHaveValue('half a thou');
    // Within a text of several lines the arrows move the caret.
    await client.editor.fill('first\nsecond');
    await client.editor.press('ArrowUp');
    await expect(client.editor).toHaveValue('first\nsecond');
    await client.editor.press('ArrowUp');
    await expect(client.editor).toHaveValue('two');
  });

  test('JSON is laid out on request, and the log can be copied', async ({ openUser }) => {
    const { trying } = await openUser({ permissions: ['clipboard-read', 'clipboard-write'] });
    const client = trying.client();
    await trying.open('multiplex');
    await client.say('sub,latency');
    await client.say('msg,latency,{"a":[1,2]}');
    await expect(client.received).toHaveText(['msg,latency,{"a":[1,2]}']);
    await client.pretty.click();
    await expect(client.received).toHaveText('msg,latency,\n{\n  "a": [\n    1,\n    2\n  ]\n}', {
      useInnerText: true,
    });
    await client.copy.click();
    await expect(client.pane.getByText('Copied')).toBeVisible();
    const copied = await trying.page.evaluate(() => navigator.clipboard.readText());
    expect(copied.split('\n').at(-1)).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z < msg,latency,\{"a":\[1,2\]\}$/);
  });

  for (const transport of BROWSER_TRANSPORTS) {
    test(`SockJS over ${transport} can be insisted on`, async ({ openUser }) => {
      const { trying } = await openUser();
      const client = trying.client();
      await trying.open('echo');
      await client.way.selectOption(transport);
      await client.say('through here');
      await expect(client.received).toHaveText(['through here']);
      await expect(client.state).toHaveText(`Connected over ${transport}`);
      await client.disconnect.click();
      await expect(client.state).toHaveText('Closed with 1000, closed normally');
      await client.say('again');
      await expect(client.received).toHaveText(['through here', 'again']);
    });
  }

  test('a channel on /multiplex is one more way, and no part of the chat', async ({ openUser, room }) => {
    const { trying, chat, shell } = await openUser({ nickname: 'Ann' });
    await chat.open(room);
    await expect(chat.status('Only you are here')).toBeVisible();
    await shell.follow('Try it');
    await trying.cards.filter({ hasText: 'Rooms with nicknames' }).click();
    const client = trying.client();
    await client.way.selectOption({ label: 'Channel on /multiplex' });
    await client.say(`["JOIN",{"room":"${room}","name":"visitor"},1]`);
    await expect(client.received).toHaveText(['["ACK",1]']);
    await client.say(`["CLIENTS",{"room":"${room}"}]`);
    await expect(client.received.last()).toHaveText(
      `["CLIENTS",{"room":"${room}","clients":["Ann","visitor"]}]`,
    );
    await expect(client.received).toHaveCount(2);
    await client.disconnect.click();
    await expect(client.state).toHaveText('Closed with 1000, closed normally');
  });
});

test.describe('Two clients on one page', () => {
  test('meet in a room', async ({ openUser }) => {
    const { trying } = await openUser();
    await trying.open('layout');
    const [one, other] = [trying.client('A'), trying.client('B')];
    await one.sendExample('JOIN');
    await expect(one.received).toHaveText(['["ACK",1]']);
    await trying.openAnother.click();
    await expect(other.pane.getByRole('heading', { name: 'Client B' })).toBeFocused();
    await other.way.selectOption('xhr-polling');
    await other.sendExample('JOIN');
    await expect(other.received).toHaveText(['["ACK",1]']);
    await other.sendExample('NOTIFY');
    await expect(one.received.last()).toHaveText(
      '["EVENT",{"sender":"bob","room":"kitchen","message":"Hello from bob"}]',
    );
    await one.sendExample('a mistake');
    await expect(one.received.last()).toHaveText(/^\["ERROR",\{"event":"JOIN","id":5,"code":"bad-request"/);
    await other.remove.click();
    await expect(other.pane).toHaveCount(0);
    await expect(trying.openAnother).toBeFocused();
  });

  test('post into a bus room by HTTP, as the code says', async ({ openUser }) => {
    const { trying } = await openUser();
    await trying.open('bus');
    const client = trying.client();
    await client.sendExample('JOIN');
    await expect(client.received).toHaveText(['["ACK",1]']);
    const { stdout } = await run('sh', ['-c', await trying.showCode('HTTP')]);
    expect(stdout).toBe('OK');
    await expect(client.received.last()).toHaveText(
      '["EVENT",{"sender":"POST","room":"kitchen","message":{"hello":"from curl"}}]',
    );
  });

  test('find each other in a lobby: the signal goes to the peer that came', async ({ openUser, room }) => {
    const { trying } = await openUser();
    await trying.open('lobby', `?lobbyId=${room}`);
    const [one, other] = [trying.client('A'), trying.client('B')];
    await expect(one.field('Lobby (lobbyId)')).toHaveValue(room);
    await one.connect.click();
    await expect(one.received).toHaveText([/^\["JOINED"/, '["PEERS",[]]']);
    await trying.openAnother.click();
    await other.field('Lobby (lobbyId)').fill(room);
    await other.connect.click();
    await expect(one.received).toHaveCount(3);
    await one.sendExample('RTCSIGNAL');
    await expect(other.received.last()).toHaveText(
      /^\["RTCSIGNAL",\{"to":".+","type":"offer","sdp":"v=0","from":".+"\}\]$/,
    );
    await other.disconnect.click();
    await expect(one.received.last()).toHaveText(/^\["LEFT"/);
  });

  test('follow one document', async ({ openUser }) => {
    const { trying } = await openUser();
    await trying.open('trigger');
    const [one, other] = [trying.client('A'), trying.client('B')];
    await one.sendExample('JOIN');
    await expect(one.received).toHaveText(['["ACK",1]']);
    await trying.openAnother.click();
    await other.sendExample('BROADCAST_STATUS');
    await expect(one.received.last()).toHaveText('["STATUS",{"ready":true}]');
  });

  test('reach each other by their tokens, which the page registers on request', async ({
    openUser,
    startServer,
  }) => {
    const settings = test.info().outputPath('broker.conf');
    await writeFile(settings, '{ AllowUnregisteredClients: "no" }');
    const server = await startServer('--config', settings);
    const { trying } = await openUser({ server });
    await trying.open('ws');
    const [one, other] = [trying.client('A'), trying.client('B')];
    await one.sendExample('Echo');
    await expect(one.state).toHaveText('Could not connect');
    await expect(one.notes.filter({ hasText: 'did not let this connection in' })).toBeVisible();
    await one.way.selectOption('channel');
    await one.connect.click();
    await expect(one.notes.last()).toContainText('The reason given: “the server ended the channel”');
    await one.way.selectOption('raw');
    await one.pane.getByRole('button', { name: 'Register abc1 and connect' }).click();
    await expect(one.state).toHaveText('Connected over websocket');
    await trying.openAnother.click();
    await other.connect.click();
    await other.pane.getByRole('button', { name: 'Register group/item1 and connect' }).click();
    await expect(other.state).toHaveText('Connected over websocket');
    await one.sendExample('to several');
    await expect(one.received).toHaveText(['Hello']);
    await expect(other.received).toHaveText(['Hello']);
    await one.sendExample('Echo');
    await expect(one.received).toHaveText(['Hello', 'hello']);

    const { stdout } = await run('sh', ['-c', await trying.showCode('HTTP API')]);
    expect(stdout).toContain('"group/item1"');
    await expect(one.received.last()).toHaveText('Hello from curl');
    expect(await one.received.count()).toBe(3);
    expect(await other.received.count()).toBe(1);
  });

  test('share the state of a room, and learn why a mistake ends it', async ({ openUser }) => {
    const { trying } = await openUser();
    await trying.open('wss');
    const [one, other] = [trying.client('A'), trying.client('B')];
    await one.sendExample('hello');
    await expect(one.received).toHaveText([/"type":1.*"clientName":"ann"/]);
    await trying.openAnother.click();
    await other.sendExample('hello');
    await expect(one.received.last()).toHaveText(/"addClients".*"clientName":"bob"/);
    await other.sendExample('change the room');
    const notice = '{"type":3,"roomChanges":[{"key":"topic","value":"soup by bob"}],"updateClients":{}}';
    await expect(one.received.last()).toHaveText(notice);
    await expect(other.received.last()).toHaveText(notice);
    await other.say('{}');
    await expect(other.state).toHaveText(
      'Closed with 1002, the protocol was broken: “error: message without numerical type (undefined”',
    );
    await expect(one.received.last()).toHaveText(/"removeClients"/);
  });

  test('chat through a controller of the server', async ({ openUser, startServer }) => {
    const server = await startServer(
      '--services',
      fileURLToPath(new URL('../examples/services', import.meta.url)),
    );
    const { trying } = await openUser({ server });
    await trying.open('service');
    const [one, other] = [trying.client('A'), trying.client('B')];
    await one.connect.click();
    await expect(one.received).toHaveText(['Welcome to our chat anonymous']);
    await trying.openAnother.click();
    await other.way.selectOption('channel');
    await other.sendExample('text');
    await expect(other.received.last()).toHaveText('Hello from bob');
    await expect(one.received.last()).toHaveText('Hello from bob');
  });

  test('talk Socket.IO, by its own client and by bare frames', async ({ openUser }) => {
    const { trying } = await openUser();
    await trying.open('socket.io');
    const [one, other] = [trying.client('A'), trying.client('B')];
    await one.sendExample('JOIN');
    await expect(one.received).toHaveText(['ack []']);
    await trying.openAnother.click();
    await other.way.selectOption('engine.io');
    await other.connect.click();
    await expect(other.received).toHaveText([/^0\{"sid"/]);
    for (const example of ['40 connect', '42 JOIN', '42 NOTIFY']) await other.sendExample(example);
    await expect(other.received.last()).toHaveText('43/layout,7[]');
    await expect(one.received.last()).toHaveText(
      '["EVENT",{"sender":"bob","room":"kitchen","message":"Hello from bob"}]',
    );
    await one.say('no array');
    await expect(one.notes.last()).toHaveText(/^Not sent/);
    await one.disconnect.click();
    await expect(one.state).toHaveText('Closed');
    await one.way.selectOption('socket.io-polling');
    await one.sendExample('CLIENTS');
    await expect(one.state).toHaveText('Connected over polling');
    await expect(one.received.last()).toHaveText('["CLIENTS",{"room":"kitchen","clients":["bob"]}]');
  });
});

test.describe('What goes wrong', () => {
  test('a path without anything behind it is explained', async ({ openUser }) => {
    const { trying } = await openUser();
    await trying.open('service', '?name=nobody');
    const client = trying.client();
    await expect(client.field('Controller')).toHaveValue('nobody');
    await client.send.click();
    await expect(client.state).toHaveText('Could not connect');
    await expect(
      client.notes.filter({ hasText: 'This server has nothing at /service/nobody' }),
    ).toBeVisible();
    await expect(client.notes.last()).toHaveText('What was waiting was not sent.');
    await expect(client.connect).toBeEnabled();
    await client.field('Controller').fill(' ');
    await expect(client.connect).toBeDisabled();
    await expect(client.pane.getByText('Fill in: Controller')).toBeVisible();
  });

  test('a namespace that is not there gives its reason', async ({ openUser }) => {
    const { trying } = await openUser();
    await trying.open('socket.io');
    const client = trying.client();
    await client.field('Namespace').fill('/nope');
    await client.connect.click();
    await expect(client.notes.last()).toHaveText(/The reason given: “Invalid namespace”/);
  });

  test('a server that goes closes a socket with its code; a channel comes back by itself', async ({
    openUser,
    startServer,
  }) => {
    const server = await startServer();
    const { trying } = await openUser({ server });
    await trying.open('echo');
    const [socket, channel] = [trying.client('A'), trying.client('B')];
    await socket.connect.click();
    await trying.openAnother.click();
    await channel.way.selectOption('channel');
    await channel.say('before');
    await expect(channel.received).toHaveText(['before']);
    await server.stop();
    await expect(socket.state).toHaveText('Closed with 1001, the server is going away: “server going away”');
    await expect(channel.state).toHaveText('Connection lost, trying again…');
    await channel.say('meanwhile');
    await server.start();
    // The client waits 20 s between tries at most.
    await expect(channel.received.last()).toHaveText('meanwhile', { timeout: 30_000 });
    await socket.say('back as well');
    await expect(socket.received).toHaveText(['back as well']);
  });

  test('lines stay open while another page is looked at', async ({ openUser, startServer }) => {
    const server = await startServer();
    const { trying, shell, dashboard } = await openUser({ server });
    await trying.open('echo');
    await trying.client().way.selectOption('xhr-polling');
    await trying.client().say('still there?');
    await expect(trying.client().received).toHaveCount(1);
    await shell.follow('Dashboard');
    await expect.poll(() => dashboard.connections('echo', 'xhr-polling')).toBe('1');
    await dashboard.matrix.getByRole('link', { name: 'echo' }).click();
    await expect(shell.heading).toHaveText('Echo');
    await expect(trying.client().received).toHaveText(['still there?']);
    await expect(trying.client().state).toHaveText('Connected over xhr-polling');
  });
});

test.describe('Code to copy', () => {
  test('carries the address of this server and what was filled in', async ({ openUser, server }) => {
    const { trying } = await openUser({ permissions: ['clipboard-read', 'clipboard-write'] });
    await trying.open('ws');
    await trying.client().field('Token (RegisterToken)').fill("it's");
    const code = await trying.showCode('Browser');
    expect(code).toContain(`new WebSocket('${server.url.replace('http', 'ws')}/ws?RegisterToken=it%27s')`);
    await trying.copyCode.click();
    await expect(trying.page.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await trying.page.evaluate(() => navigator.clipboard.readText())).toBe(code);
  });

  test('runs in Node and in a shell as it is', async ({ openUser, server }) => {
    const { trying } = await openUser();
    await trying.open('echo');
    const node = await trying.showCode('Node');
    expect(node).toContain(server.url.replace('http', 'ws'));
    const ending = "\nsocket.addEventListener('message', () => socket.close());";
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', node + ending]);
    expect(stdout).toMatch(/^Hello\?\nclosed/);
    const { stdout: polled } = await run('sh', ['-c', await trying.showCode('curl')]);
    expect(polled).toBe('o\na["Hello?"]\n');
  });

  for (const protocol of ['layout', 'bus', 'trigger']) {
    test(`for /${protocol} shows an answer although nobody else is there`, async ({ openUser }) => {
      const { trying } = await openUser();
      await trying.open(protocol);
      const { stdout } = await run('sh', ['-c', await trying.showCode('curl')]);
      expect(stdout).toContain('o\na["[\\"ACK\\",1');
    });
  }

  test('quotes what was filled in', async ({ openUser, startServer }) => {
    const server = await startServer();
    const { trying } = await openUser({ server });
    const token = `it's $HOME "\`id\`" \\`;
    await trying.open('ws');
    await trying.client().field('Token (RegisterToken)').fill(token);
    const { stdout } = await run('sh', ['-c', await trying.showCode('HTTP API')]);
    expect(stdout).toContain(`${JSON.stringify(token)}:true`);
    const node = `${await trying.showCode('Node')}\nsocket.addEventListener('open', () => socket.close());`;
    await run(process.execPath, ['--input-type=module', '-e', node]);
  });

  test('leads to a room with the client library', async ({ openUser, server }) => {
    const { trying } = await openUser();
    await trying.open('multiplex');
    const code = await trying.showCode('Client library');
    const [first = '', ...rest] = code.split('\n');
    expect(first).toBe(`import { connect } from '${server.url}/client/roomplex.js';`);
    await trying.client().sendExample('sub');
    // As the note says: in Node the library comes from the package.
    const program = ["import { connect } from 'roomplex/client';", ...rest].join('\n');
    const child = execFile(process.execPath, ['--input-type=module', '-e', program]);
    const [said] = (await once(child.stdout ?? child, 'data')) as [string];
    child.kill();
    expect(said).toBe('ann Hello from code\n');
    await expect(trying.client().received.last()).toHaveText('msg,red,Hello from code');
  });
});
