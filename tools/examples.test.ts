import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { connect } from '../client/node.ts';
import type { Client } from '../client/types.ts';

const EXAMPLES = join(import.meta.dirname, '..', 'examples');
const PRELOADS = [import.meta.resolve('tsx'), join(import.meta.dirname, 'source-package.mjs')];

/** A file of examples/, run as a reader of it would. */
class Example {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, ...args: string[]) {
    const preloads = PRELOADS.flatMap((path) => ['--import', path]);
    this.child = spawn(process.execPath, [...preloads, join(EXAMPLES, name), ...args], {
      env: { PATH: process.env['PATH'], PORT: '0' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
    onTestFinished(() => void this.child.kill());
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

  it('channels.mjs greets in one channel and sends back in another', async () => {
    const client = open(await new Example('channels.mjs').url());
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
  });

  it('express.mjs keeps its routes and lets one speak in a room', async () => {
    const url = await new Example('express.mjs').url();
    const news = open(url).room('news');
    await news.join();
    expect(await (await fetch(url)).text()).toBe('1 are reading the news\n');
    const heard = new Promise((resolve) => news.on('message', ({ data }) => resolve(data)));
    const posted = await fetch(`${url}/news`, {
      method: 'POST',
      body: 'rain',
      headers: { 'content-type': 'text/plain' },
    });
    expect(posted.status).toBe(202);
    expect(await heard).toBe('rain');
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

  it('talk.mjs says what it is told and prints what it hears', async () => {
    const url = await new Example('first-room.mjs').url();
    const talk = new Example('talk.mjs', url, 'kitchen', 'bob');
    expect(await talk.line()).toBe('(open)');
    talk.child.stdin?.write('hello\n');
    expect(await talk.line()).toBe('bob: hello');
    talk.child.stdin?.end();
    expect((await once(talk.child, 'exit'))[0]).toBe(0);
  });
});
