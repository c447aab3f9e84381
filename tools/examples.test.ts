import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../client/node.ts';
import type { Client } from '../client/types.ts';
import { DOORS, type Door } from '../server/test/support/doors.ts';
import { hello, StateRoomsClient, type Success } from '../server/test/support/state-rooms-client.ts';
import { openRawLine } from '../server/test/support/websocket-line.ts';

const EXAMPLES = join(import.meta.dirname, '..', 'examples');
const PRELOADS = [import.meta.resolve('tsx'), join(import.meta.dirname, 'source-package.mjs')];

function run(name: string, args: readonly string[], stderr: 'inherit' | 'pipe', port = '0'): ChildProcess {
  const preloads = PRELOADS.flatMap((path) => ['--import', path]);
  const child = spawn(process.execPath, [...preloads, join(EXAMPLES, name), ...args], {
    env: { PATH: process.env['PATH'], PORT: port },
    stdio: ['pipe', 'pipe', stderr],
  });
  onTestFinished(() => void child.kill());
  return child;
}

/** A file of examples/, run as a reader of it would. */
class Example {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, ...args: string[]) {
    this.child = run(name, args, 'inherit');
    this.#lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the example ended early');
    return value;
  }

  /** The address in its first line. */
  async url(): Promise<string> {
    const line = await this.line();
    expect(line).toMatch(/^listening on http:\/\/localhost:\d+$/);
    return line.replace('listening on ', '');
  }
}

function open(url: string): Client {
  const client = connect(`${url}/multiplex`);
  onTestFinished(() => client.close());
  return client;
}

async function stateRooms(url: string): Promise<StateRoomsClient> {
  const client = new StateRoomsClient(
    await openRawLine(`${url.replace('http', 'ws')}/wss`),
    DOORS[0] as Door,
  );
  onTestFinished(() => client.close());
  return client;
}

/** Sits down at the table of cards.mjs. */
async function sitDown(url: string, clientName: string): Promise<StateRoomsClient> {
  const client = await stateRooms(url);
  client.say(hello('table', { clientName }));
  expect(await client.next()).toMatchObject({ type: 1 });
  return client;
}

describe('README.md', () => {
  it('shows the first room as its files have it', async () => {
    const readme = await readFile(join(EXAMPLES, '..', 'README.md'), 'utf8');
    for (const file of ['first-room.mjs', 'first-room/page.js']) {
      expect(readme).toContain(`\n\`\`\`js\n${await readFile(join(EXAMPLES, file), 'utf8')}\`\`\`\n`);
    }
  });
});

describe('examples', () => {
  it('first-room.mjs answers in its room and serves its page', async () => {
    const url = await new Example('first-room.mjs').url();
    const room = open(url).room('kitchen', { name: 'ann' });
    const answer = new Promise((resolve) => {
      room.on('message', ({ data }) => data !== '/who' && resolve(data));
    });
    await room.join();
    await room.publish('/who');
    expect(await answer).toBe('ann is one of 1 here.');
    expect(await (await fetch(url)).text()).toContain('<script type="module" src="page.js">');
    expect(await (await fetch(`${url}/page.js`)).text()).toContain('/client/roomplex.js');
  });

  it('channels.mjs greets in one channel, sends back in another, and serves a page for both', async () => {
    const url = await new Example('channels.mjs').url();
    const client = open(url);
    const heard = (name: string, say: string, count: number): Promise<string[]> => {
      const channel = client.channel(name);
      channel.send(say);
      return new Promise((resolve) => {
        const texts: string[] = [];
        channel.on('message', (text) => {
          if (texts.push(text) === count) resolve(texts);
        });
      });
    };
    expect(await heard('red', 'hi', 2)).toEqual(['Red is connected', 'red heard hi']);
    expect(await heard('echo-time', '12:00', 1)).toEqual(['12:00']);
    expect(await (await fetch(url)).text()).toContain('<script type="module" src="page.js">');
    expect(await (await fetch(`${url}/page.js`)).text()).toContain("client.channel('echo-time')");
  });

  it('express.mjs keeps its routes and lets one speak in a room', async () => {
    const url = await new Example('express.mjs').url();
    const news = open(url).room('news');
    await news.join();
    expect(await (await fetch(url)).text()).toBe('1 are reading the news\n');
    const heard = new Promise((resolve) => news.on('message', ({ data }) => resolve(data)));
    const post = (init: RequestInit): Promise<Response> => fetch(`${url}/news`, { method: 'POST', ...init });
    expect((await post({})).status).toBe(400);
    expect((await post({ body: new URLSearchParams('rain=') })).status).toBe(202);
    expect(await heard).toBe('rain=');
    const next = new Promise((resolve) => news.on('message', ({ data }) => resolve(data)));
    expect((await post({ body: new Blob(['sun']) })).status).toBe(202);
    expect(await next).toBe('sun');
  });

  it('broker.mjs hands messages to whoever has the token', async () => {
    const broker = new Example('broker.mjs');
    await broker.url();
    expect([await broker.line(), await broker.line()].sort()).toEqual([
      'ann got Hello',
      'team/bob got Hello',
    ]);
    expect(await broker.line()).toBe('team/bob got Dinner is ready');
    expect(await broker.line()).toBe('here are ann and team/bob');
  });

  it('socketio-layout.mjs lets two Socket.IO clients talk, and ends', async () => {
    const example = new Example('socketio-layout.mjs');
    await example.url();
    expect(await example.line()).toBe('bob hears ann: what is for dinner?');
    expect(await example.line()).toBe('ann hears bob: soup');
    expect(await example.line()).toBe('in the kitchen: ann, bob');
    expect((await once(example.child, 'exit'))[0]).toBe(0);
  });

  it('services.mjs lets two clients talk through a session controller', async () => {
    const example = new Example('services.mjs');
    const url = await example.url();
    expect([await example.line(), await example.line(), await example.line()]).toEqual([
      'ann was told: Welcome to our chat anonymous',
      'bob was told: Welcome to our chat anonymous',
      'bob heard: hello',
    ]);
    expect((await fetch(`${url}/service/chat`)).status).toBe(404);
  });

  it('cards.mjs deals, lets everybody move what is theirs, and shows all the same table', async () => {
    const url = await new Example('cards.mjs').url();
    const ann = await sitDown(url, 'ann');
    const bob = await sitDown(url, 'bob');
    expect(await ann.next()).toMatchObject({ type: 3, addClients: {} });
    ann.say({ type: 4, action: 'deal', id: '1' });
    const dealt = (await bob.next()) as { roomChanges: { key: string; value: string }[] };
    expect(dealt.roomChanges).toHaveLength(16);
    expect(await ann.next()).toEqual(dealt);
    expect(await ann.next()).toEqual({ type: 5, id: '1', success: true, data: '16 cards for 2' });
    const [own, other] = ['ann', 'bob'].map(
      (name) => dealt.roomChanges.find(({ value }) => value === name)?.key,
    );
    ann.say({ type: 2, roomChanges: [{ key: own, value: 'table' }] });
    const moved = { type: 3, roomChanges: [{ key: own, value: 'table' }], updateClients: {} };
    expect([await ann.next(), await bob.next()]).toEqual([moved, moved]);
    ann.say({ type: 2, roomChanges: [{ key: other, value: 'ann' }] });
    await ann.expectEnd(1002, `error: ${other} is not yours`);
    expect(await bob.next()).toMatchObject({ removeClients: [expect.any(String)] });
    const left = (await bob.next()) as typeof dealt;
    expect(new Set(left.roomChanges.map(({ value }) => value))).toEqual(new Set(['table']));
    expect(left.roomChanges).toHaveLength(7);
    const late = await stateRooms(url);
    late.say(hello('table', { readonly: true }));
    const { roomState } = (await late.next()) as Success;
    const holders = Object.values(roomState);
    expect([holders.filter((name) => name === 'bob').length, holders.length]).toEqual([8, 16]);
  });

  it('talk.mjs says what it is told and prints what it hears', async () => {
    const url = await new Example('first-room.mjs').url();
    const talk = new Example('talk.mjs', url, 'kitchen', 'bob');
    expect(await talk.line()).toBe('(open)');
    talk.child.stdin?.write('hello\n');
    expect(await talk.line()).toBe('bob: hello');
    talk.child.stdin?.end();
    expect((await once(talk.child, 'exit'))[0]).toBe(0);
  });

  it.each([
    ['on a server of its own', () => Promise.resolve([])],
    ['on a server that runs already', async () => [await new Example('first-room.mjs').url()]],
  ])('chat.mjs lets two people talk %s', async (_where, args) => {
    const chat = new Example('chat.mjs', ...(await args()));
    const lines: string[] = [];
    for (let line = 0; line < 8; line++) lines.push(await chat.line());
    expect(lines[0]).toBe('ann is in, with 1 in the room');
    expect(lines.slice(1, 7).toSorted()).toEqual([
      'ann hears ann: Is there any soup left?',
      'ann hears bob: A bowl, if you hurry.',
      'ann sees bob come',
      'bob hears ann: Is there any soup left?',
      'bob hears bob: A bowl, if you hurry.',
      'bob is in, with 2 in the room',
    ]);
    expect(lines[7]).toBe('bob sees ann go');
    expect((await once(chat.child, 'exit'))[0]).toBe(0);
  });

  it('lobby.mjs introduces two peers, who exchange an offer and an answer', async () => {
    const url = await new Example('lobby.mjs').url();
    expect(await (await fetch(url)).text()).toContain('<script type="module" src="page.js">');
    const ann = new Example('lobby/signals.mjs', url, 'green');
    const [, annId] = /^JOINED (\S+)$/.exec(await ann.line()) ?? [];
    expect(await ann.line()).toBe('PEERS []');
    const bob = new Example('lobby/signals.mjs', url, 'green');
    const [, bobId] = /^JOINED (\S+)$/.exec(await bob.line()) ?? [];
    expect(await bob.line()).toBe(`PEERS ["${annId}"]`);
    expect(await ann.line()).toBe(`RTCSIGNAL offer from ${bobId}: what ${bobId} offers`);
    expect(await bob.line()).toBe(`RTCSIGNAL answer from ${annId}: what is answered to ${bobId}`);
    bob.child.kill();
    expect(await ann.line()).toBe(`LEFT ${bobId}`);
  });

  it('sockjs-rooms/server.cjs and client.cjs run as they stand in the documentation of sockjs-rooms', async () => {
    const server = new Example('sockjs-rooms/server.cjs');
    let url: string;
    do url = await server.line();
    while (!url.startsWith('listening on '));
    url = url.replace('listening on ', '');
    const clients = [1, 2].map(() => new Example('sockjs-rooms/client.cjs', `${url}/multiplex`));
    for (const client of clients) {
      expect(await client.line()).toBe("data from channel red  { data: 'Red is connected' }");
      expect(await client.line()).toMatch(/^latency is {2}\d+ ms$/);
    }
    expect(await (await fetch(url)).text()).toContain('src="/client/websocket-multiplex.js"');
    expect(await (await fetch(`${url}/client/sockjs.min.js`)).text()).toContain('sockjs-client');
  });

  it.each([
    'first-room.mjs',
    'channels.mjs',
    'express.mjs',
    'broker.mjs',
    'lobby.mjs',
    'services.mjs',
    'socketio-layout.mjs',
    'sockjs-rooms/server.cjs',
  ])('%s says in one line that its port is taken', async (name) => {
    const { port } = new URL(await new Example('first-room.mjs').url());
    const second = run(name, [], 'pipe', port);
    const errors = await text(second.stderr as Readable);
    expect(errors).toMatch(/^.*(?:is taken|already in use).*\n$/);
    expect(second.exitCode ?? (await once(second, 'exit'))[0]).toBe(1);
  });
});
