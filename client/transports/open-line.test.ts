import { beforeAll, afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { nodeEnvironment } from '../node/environment.ts';
import { createRoomplex, type RunningRoomplex } from '../test/roomplex.ts';
import { Inbox } from '../test/scripted-server.ts';
import type { Line } from './line.ts';
import { openLine, STOCK_TRANSPORTS, type Way } from './open-line.ts';

let roomplex: RunningRoomplex;
beforeAll(async () => {
  roomplex = await createRoomplex();
});
afterAll(() => roomplex.server.close());

/** A line to the echo, and what it tells. */
function open(way: Way, heartbeatMs = 5000): { line: Line; told: Inbox<unknown>; heard: Inbox<'heard'> } {
  const told = new Inbox<unknown>();
  const heard = new Inbox<'heard'>();
  const url = new URL('echo', roomplex.url);
  const line = openLine(way, { url, heartbeatMs, postLimit: { bytes: 65_536 } }, nodeEnvironment, {
    opened: (transport) => told.put(`opened ${transport}`),
    heard: () => heard.put('heard'),
    beatAnswered: (lagMs) => told.put(lagMs === null ? 'beat' : 'beat with a lag'),
    message: (text) => told.put(text),
    interrupted: () => undefined,
    closed: (end) => told.put(end),
  });
  onTestFinished(() => line.close());
  return { line, told, heard };
}

describe.each(['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'] as const)('by %s', (way) => {
  it('a real server answers, in order', async () => {
    const { line, told } = open(way);
    expect(await told.next()).toBe(`opened ${way}`);
    const texts = Array.from({ length: 500 }, (_, i) => `${i} "ü日本😀\u2028\ud800% \r\n`);
    for (const text of texts) line.send(text);
    expect(await told.take(500)).toEqual(texts);
  });

  it('a real server answers beats', async () => {
    const { line, told } = open(way);
    await told.next();
    line.beat();
    expect(await told.next()).toBe(way === 'websocket' ? 'beat' : 'beat with a lag');
    line.send('one');
    line.beat();
    const answers = await told.take(2);
    expect(new Set(answers)).toEqual(new Set([way === 'websocket' ? 'beat' : 'beat with a lag', 'one']));
  });

  it('a real server gives signs of life as often as it is asked to', async () => {
    const { told, heard } = open(way, 100);
    await told.next();
    await heard.take(5);
  });
});

it('what takes a page says so where there is none', async () => {
  for (const way of ['jsonp-polling', STOCK_TRANSPORTS] as const) {
    expect(await open(way).told.next()).toEqual({
      code: 1006,
      reason: 'Error: frames and scripts take a page, and this is Node',
      isClean: false,
    });
  }
});
