import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../client/node.ts';
import type { Client } from '../client/types.ts';
import { Example, EXAMPLES, expectTaken } from '../server/test/support/example.ts';

function open(url: string): Client {
  const client = connect(`${url}/multiplex`);
  onTestFinished(() => client.close());
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

  it('socketio-layout.mjs lets two Socket.IO clients talk, and ends', async () => {
    const example = new Example('socketio-layout.mjs');
    await example.url();
    expect(await example.line()).toBe('bob hears ann: what is for dinner?');
    expect(await example.line()).toBe('ann hears bob: soup');
    expect(await example.line()).toBe('in the kitchen: ann, bob');
    expect((await once(example.child, 'exit'))[0]).toBe(0);
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
    'socketio-layout.mjs',
    'sockjs-rooms/server.cjs',
  ])('%s says in one line that its port is taken', async (name) => {
    const { port } = new URL(await new Example('first-room.mjs').url());
    await expectTaken(name, port);
  });
});
