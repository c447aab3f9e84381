import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { serverPool } from './support/server.ts';
import { openRawLine } from './support/websocket-line.ts';

const start = serverPool();
const folder = mkdtempSync(join(tmpdir(), 'roomplex-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['memory', {}],
  ['a store', { data: folder }],
])('with %s, a subscriber that leaves right after it spoke', (_engine, options) => {
  it('hears what it said itself, and nothing else', async () => {
    const { ws } = await start(options);
    const [ann, bob] = [await openRawLine(ws('/multiplex')), await openRawLine(ws('/multiplex'))];
    await bob.send('sub,r1', 'msg,r1,before');
    expect(await bob.next()).toBe('msg,r1,before');
    await ann.send('sub,r1', 'msg,r1,mine', 'uns,r1');
    expect(await ann.next()).toBe('msg,r1,mine');
    expect(await bob.next()).toBe('msg,r1,mine');
    await bob.send('msg,r1,after');
    expect(await bob.next()).toBe('msg,r1,after');
    await ann.send('sub,r2', 'msg,r2,end');
    expect(await ann.next()).toBe('msg,r2,end');
  });
});
