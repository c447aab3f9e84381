import { once } from 'node:events';
import { mkdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { emptyFolder, Roomplex } from '../../test/support/program.ts';

let folder: string;
beforeEach(async () => {
  folder = await emptyFolder();
});

describe('the program with services', () => {
  const CHAT = join(import.meta.dirname, '..', '..', 'services', 'chat.fixture');

  it("runs the original's chat unmodified, for who is logged in", async () => {
    await mkdir(join(folder, 'services'));
    const login = `exports.authenticate = function (req) {
      return { key: 'user:system:' + req.params.user, displayName: req.params.user, login: req.params.user, idProvider: 'system' };
    };\n`;
    await writeFile(join(folder, 'services', 'chat.js'), (await readFile(CHAT, 'utf8')) + login);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const roomplex = new Roomplex(folder, ['-p', '0', '--services', 'services']);
    const url = await roomplex.ready();
    await roomplex.logged('services loaded');
    expect((await fetch(`${url}/service/chat?user=Eve`)).status).toBe(404);
    const open = async (user: string): Promise<WebSocket> => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/service/chat?user=${user}`, ['v2', 'text']);
      // It greets with the name alone: `+` binds before `?` (S3 §7).
      expect(String((await once(socket, 'message'))[0])).toBe(user);
      expect(socket.protocol).toBe('text');
      return socket;
    };
    const [ann, bob] = [await open('Ann'), await open('Bob')];
    await roomplex.logged('New group size 2');
    const heard = Promise.all([once(ann, 'message'), once(bob, 'message')]);
    ann.send('hello');
    expect((await heard).map(([data]) => String(data))).toEqual(['hello', 'hello']);
    const closed = once(bob, 'close');
    roomplex.signal('SIGTERM');
    expect((await closed)[0]).toBe(1001);
    expect(await roomplex.exit()).toBe(0);
  });

  it('closes with 1011 on an anonymous visitor of that chat, and says why in the log', async () => {
    await writeFile(join(folder, 'chat.js'), await readFile(CHAT));
    await writeFile(join(folder, 'roomplex.config.json5'), '{ port: 0, services: "." }');
    const roomplex = new Roomplex(folder, []);
    const socket = new WebSocket(`${(await roomplex.ready()).replace('http', 'ws')}/service/chat`);
    expect((await once(socket, 'close'))[0]).toBe(1011);
    await roomplex.logged("Cannot read properties of undefined (reading 'displayName')");
  });

  it.each([
    ['chat.js', 'exports.get = 1;\nexports.webSocketEvent = {;\n', "2: Unexpected token ';'."],
    ['chat.mjs', 'export const a = 1;\n\nconst b = {;\n', "3: Unexpected token ';'."],
    ['chat.js', 'exports.get = function () {};', ' a session controller needs a function webSocketEvent.'],
  ])('exits with 1 and names the place when %s is wrong', async (name, text, message) => {
    await writeFile(join(folder, name), text);
    const roomplex = new Roomplex(folder, ['-p', '0'], { ROOMPLEX_SERVICES: '.' });
    expect(await roomplex.exit()).toBe(1);
    expect(roomplex.stderr).toBe(`roomplex: ${join(await realpath(folder), name)}:${message}\n`);
    expect(roomplex.stdout).toBe('');
  });

  it('names the file with the mistake when a controller imports it', async () => {
    await writeFile(join(folder, 'chat.mjs'), "import './lib/groups.mjs';\nexport const a = 1;\n");
    await mkdir(join(folder, 'lib'));
    await writeFile(join(folder, 'lib', 'groups.mjs'), 'export const a = 1;\n\nconst b = {;\n');
    const roomplex = new Roomplex(folder, ['-p', '0', '--services', '.']);
    expect(await roomplex.exit()).toBe(1);
    const place = join(await realpath(folder), 'lib', 'groups.mjs');
    expect(roomplex.stderr).toBe(`roomplex: ${place}:3: Unexpected token ';'.\n`);
  });

  it('exits with 1 when there is no such folder', async () => {
    const roomplex = new Roomplex(folder, ['-p', '0', '--services', 'nosuch']);
    expect(await roomplex.exit()).toBe(1);
    expect(roomplex.stderr).toContain('roomplex: Cannot read the services in ');
    expect(roomplex.stderr).toContain('nosuch: there is no such folder.\n');
  });
});
