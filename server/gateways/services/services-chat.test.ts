import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadServices } from '../../services/load-services.ts';
import { serverPool } from '../../test/support/server.ts';
import { openRawLine } from '../../test/support/websocket-line.ts';

const start = serverPool();
const FIXTURE = new URL('../../services/chat.fixture', import.meta.url);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-chat-'));
  await copyFile(FIXTURE, join(folder, 'chat.js'));
});
afterAll(() => rm(folder, { recursive: true }));

const logged: string[] = [];
const log = { debug() {}, info: (text: string) => void logged.push(text), warn() {}, error() {} };

describe("the original's chat, to the letter", () => {
  it('runs as it did there, for visitors who are logged in', async () => {
    const server = await start({
      services: await loadServices(folder, { log }),
      authenticate: ({ cookies }) => {
        const login = cookies['login'];
        if (login === undefined) return undefined;
        return { key: `user:system:${login}`, displayName: login, login, idProvider: 'system' };
      },
    });
    const open = (cookie: string) => openRawLine(server.ws('/service/chat'), { headers: { cookie } });
    const ann = await open('login=ann');
    // S3 §7: what should be added to the greeting is all there is of it.
    expect(await ann.next()).toBe('ann');
    const bob = await open('login=bob');
    expect(await bob.next()).toBe('bob');
    await ann.send('hello');
    expect([await ann.next(), await bob.next()]).toEqual(['hello', 'hello']);
    await bob.close();
    const anonymous = await open('');
    expect(await anonymous.closed).toMatchObject({ code: 1011 });
    await ann.send('still here');
    expect(await ann.next()).toBe('still here');
    const cleo = await open('login=cleo');
    expect(await cleo.next()).toBe('cleo');
    expect(logged).toEqual(['New group size 1', 'New group size 2', 'New group size 2']);
  });
});
