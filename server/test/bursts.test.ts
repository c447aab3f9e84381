import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canCompile } from '../../tools/native.mjs';
import { findInstallation } from '../installation.ts';
import { ADDON } from '../transports/native/send-to-all.ts';
import { within } from './support/inbox.ts';
import { SeededRandom } from './support/random.ts';
import { serverPool } from './support/server.ts';
import { sessionPath } from './support/session-path.ts';
import { openRawLine, openSocket, type TextSocket } from './support/websocket-line.ts';

const start = serverPool();
const NO_LIMITS = { outbox: 0, message: 0, history: 10 };

/** Joins a topic on `/multiplex`. */
async function listen(url: string, isSockJS: boolean): Promise<TextSocket> {
  const listener = await openSocket(isSockJS ? `${url}${sessionPath()}/websocket` : url);
  if (isSockJS) expect(await listener.next()).toBe('o');
  const ask = ['sub,r1', 'sub,latency', 'msg,latency,in'];
  if (isSockJS) listener.send(JSON.stringify(ask));
  else for (const word of ask) listener.send(word);
  expect(await listener.next()).toContain('msg,latency,in');
  return listener;
}

/** What frames of either form say, `count` messages in all; after each frame `step` may do something. */
async function hear(listener: TextSocket, count: number, step: () => void): Promise<string[]> {
  const heard: string[] = [];
  while (heard.length < count) {
    const frame = await listener.next(true);
    step();
    heard.push(...(frame.startsWith('a[') ? (JSON.parse(frame.slice(1)) as string[]) : [frame]));
  }
  return heard;
}

it('finds the addon wherever it can be built', () => {
  expect(existsSync(join(findInstallation().nativeRoot, ADDON))).toBe(canCompile());
});

describe.each([{ native: true }, { native: false }])('with native: $native', ({ native }) => {
  it('brings every byte in order, also to members that read in jerks or not at all for a while', async () => {
    const server = await start({ native, limits: NO_LIMITS });
    const random = new SeededRandom(7);
    const url = server.ws('/multiplex');
    const listeners = await Promise.all(Array.from({ length: 8 }, (_, i) => listen(url, i % 2 === 0)));
    const publisher = await listen(url, false);
    // More than the kernel keeps for a socket that nobody reads.
    const said = Array.from({ length: 80 }, (_, n) => `msg,r1,${n} ${'x'.repeat(random.below(250_000))}é"\\`);
    const stalled = listeners.slice(0, 4);
    for (const { socket } of stalled) socket.pause();
    const readings = listeners.map((listener) =>
      hear(listener, said.length, () => {
        if (stalled.includes(listener) || random.below(3) > 0) return;
        listener.socket.ping();
        listener.socket.pause();
        setImmediate(() => listener.socket.resume());
      }),
    );
    for (const message of said) {
      publisher.send(message);
      // One at a time: each is a burst of its own.
      await publisher.next();
    }
    for (const { socket } of stalled) {
      socket.ping();
      socket.resume();
    }
    for (const heard of await within('all messages at all members', Promise.all(readings)))
      expect(heard).toEqual(said);
    await Promise.all(listeners.map((listener) => listener.close()));
  });

  it('goes on when members vanish between two messages', async () => {
    const server = await start({ native, limits: NO_LIMITS });
    const url = server.ws('/multiplex');
    const listeners = await Promise.all(Array.from({ length: 30 }, (_, i) => listen(url, i % 2 === 0)));
    const publisher = await openRawLine(url);
    await publisher.send('sub,r1');
    for (let number = 0; number < 30; number++) {
      await publisher.send(`msg,r1,${number}`);
      const [gone] = listeners.splice(0, 1);
      const heard = Promise.all(listeners.map((listener) => listener.next()));
      gone?.socket.terminate();
      for (const frame of await heard)
        expect(frame).toMatch(new RegExp(`^(a\\["msg,r1,${number}"\\]|msg,r1,${number})$`));
    }
  });

  it('says what is owed before it says goodbye', async () => {
    const server = await start({ native });
    const url = server.ws('/multiplex');
    const [raw, sockjs] = [await listen(url, false), await listen(url, true)];
    const publisher = await openRawLine(url);
    await publisher.send('sub,r1', ...Array.from({ length: 50 }, (_, number) => `msg,r1,${number}`));
    await publisher.next();
    await server.close();
    const all = Array.from({ length: 50 }, (_, number) => `msg,r1,${number}`);
    expect(await hear(raw, 50, () => undefined)).toEqual(all);
    expect(await hear(sockjs, 50, () => undefined)).toEqual(all);
    expect(await raw.closed).toMatchObject({ code: 1001 });
  });
});
