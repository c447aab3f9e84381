import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../log.ts';
import { loadServices, ServiceLoadError } from './load-services.ts';
import type { Sessions } from './sessions.ts';

let folder: string;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex services '));
  lines = [];
});
afterEach(() => rm(folder, { recursive: true }));

const SOURCES = new URL('./sessions.ts', import.meta.url).href;

async function load(files: Readonly<Record<string, string>>): Promise<Map<string, Sessions>> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const stream = { write: (line: string) => lines.push(line) };
  return loadServices(folder, { log: createLogger({ level: 'debug', format: 'text', stream }) });
}

/** What is said of files that cannot be loaded, with the folder left out. */
async function complaint(files: Readonly<Record<string, string>>): Promise<string> {
  const error = await load(files).then(
    () => new Error('was loaded'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ServiceLoadError)) throw error;
  return error.message.replace(`${folder}/`, '');
}

/** The log without the times. */
const logged = (): string[] => lines.map((line) => line.slice(9).trimEnd());

const HANDLER = 'exports.webSocketEvent = function () {};\n';
const QUIET = `${HANDLER}exports.get = function () {};\n`;

describe('loadServices', () => {
  it('takes scripts and modules, each under the name of its file', async () => {
    const services = await load({
      'b.js': QUIET,
      'a.cjs': QUIET,
      'c-1.2.mjs': 'export function get() {}\nexport function webSocketEvent() {}\n',
      'README.md': 'not a service',
      'notes.json': '{}',
      '.hidden.js': 'nonsense(',
      'lib/helper.js': 'nonsense(',
    });
    expect([...services.keys()]).toEqual(['a', 'b', 'c-1.2']);
    for (const { definition } of services.values()) expect(definition.webSocketEvent).toBeTypeOf('function');
    expect(lines).toEqual([]);
  });

  it('takes the folder as a URL', async () => {
    await writeFile(join(folder, 'chat.js'), QUIET);
    expect((await loadServices(pathToFileURL(`${folder}/`))).size).toBe(1);
  });

  it('runs a .js file as a script, whatever package.json says', async () => {
    for (const type of ['module', 'commonjs']) {
      const services = await load({
        'package.json': JSON.stringify({ type }),
        'chat.js': `#!/usr/bin/env node\nvar isScript = this === module.exports && exports === module.exports;\n${QUIET}exports.isScript = isScript;\n`,
      });
      expect(services.get('chat')?.definition).toMatchObject({ isScript: true });
    }
  });

  it('takes what a script puts in the place of its exports', async () => {
    const services = await load({
      'chat.js': 'module.exports = { get() {}, webSocketEvent() {}, groups: "shared" };',
    });
    expect(services.get('chat')?.definition.groups).toBe('shared');
  });

  it('gives a script its own library, its place, and other modules', async () => {
    const services = await load({
      'package.json': '{"type":"commonjs"}',
      'lib/helper.js': 'exports.name = "helper";',
      'chat.js': `${QUIET}
        exports.lib = require('/lib/xp/websocket');
        exports.same = require('/lib/xp/websocket') === exports.lib;
        exports.helper = require('./lib/helper').name;
        exports.join = require('node:path').join(__dirname, 'chat.js') === __filename;
        exports.later = import('node:path');`,
      'other.js': `${QUIET}exports.lib = require('/lib/xp/websocket');`,
    });
    const chat = services.get('chat')?.definition as unknown as Record<string, unknown>;
    const other = services.get('other')?.definition as unknown as Record<string, unknown>;
    expect(chat).toMatchObject({ same: true, helper: 'helper', join: true });
    expect(Object.keys(chat['lib'] as object)).toEqual([
      'send',
      'sendToGroup',
      'addToGroup',
      'removeFromGroup',
      'getGroupSize',
      'close',
    ]);
    expect(chat['lib']).not.toBe(other['lib']);
    expect(await chat['later']).toHaveProperty('join');
  });

  it('lets a script write to the log', async () => {
    await load({
      'chat.js': `${QUIET}
        log.debug('quiet');
        log.info('size %s of %s', 1, { a: [2] }, 'and more');
        log.warning('100%', 5);
        log.error('%s %s %%', null);
        log.info('%s and %% stay');
        log.info({ a: 1 });
        var ring = {}; ring.ring = ring; log.info('%s', ring);`,
    });
    expect(logged()).toEqual([
      'debug quiet service=chat',
      'info  size 1 of {"a":[2]} and more service=chat',
      'warn  100% 5 service=chat',
      'error null %s % service=chat',
      'info  %s and %% stay service=chat',
      'info  {"a":1} service=chat',
      'info  [object] service=chat',
    ]);
  });

  it('takes the default export of a module when defineSessions made it', async () => {
    const services = await load({
      'chat.mjs': `import { defineSessions } from ${JSON.stringify(SOURCES)};
        export default defineSessions({ get() {}, webSocketEvent() {}, idleMs: 5 });`,
    });
    expect(services.get('chat')?.definition.idleMs).toBe(5);
  });

  it.each([
    ['a folder that does not exist', 'nosuch', 'there is no such folder'],
    ['a file', 'file.js', 'it is no folder'],
  ])('says so of %s', async (_, name, reason) => {
    await writeFile(join(folder, 'file.js'), '');
    await expect(loadServices(join(folder, name))).rejects.toThrow(
      new ServiceLoadError(`Cannot read the services in ${join(folder, name)}: ${reason}.`),
    );
  });

  it.each([
    ['a mistake in a script', { 'chat.js': `${QUIET}\nreturn {;\n` }, "chat.js:4: Unexpected token ';'."],
    [
      'a failure of a script',
      { 'chat.js': `${QUIET}\nnull.x;\n` },
      "chat.js:4: Cannot read properties of null (reading 'x').",
    ],
    [
      'a failure of a module',
      { 'chat.mjs': 'export const a = 1;\nnull.x;\n' },
      "chat.mjs:2: Cannot read properties of null (reading 'x').",
    ],
    [
      'a failure of what a script requires',
      {
        'package.json': '{"type":"commonjs"}',
        'chat.js': `${QUIET}require('./lib/x.js');`,
        'lib/x.js': '\n\nnull.x;',
      },
      "lib/x.js:3: Cannot read properties of null (reading 'x').",
    ],
    [
      'a module that is not there',
      { 'chat.js': `${QUIET}require('./nosuch');` },
      "chat.js:3: Cannot find module './nosuch'.",
    ],
    [
      'a library of the platform that is not here',
      { 'chat.js': "\nvar portal = require('/lib/xp/portal');\n" },
      'chat.js:2: there is no library /lib/xp/portal here, only /lib/xp/websocket.',
    ],
    ['a thrown text', { 'chat.js': "throw 'no reason.';" }, 'chat.js: no reason.'],
    [
      'a script without a handler',
      { 'chat.js': 'exports.get = function () {};' },
      'chat.js: a session controller needs a function webSocketEvent.',
    ],
    [
      'a module without a handler',
      { 'chat.mjs': 'export const get = () => {};' },
      'chat.mjs: a session controller needs a function webSocketEvent.',
    ],
    [
      'a script that exports nothing',
      { 'chat.js': 'module.exports = null;' },
      'chat.js: a session controller must be an object.',
    ],
    [
      'a wrong default',
      { 'chat.mjs': 'export default { webSocketEvent() {} };' },
      'chat.mjs: the default export must be what defineSessions() makes.',
    ],
    ['a wrong export', { 'chat.js': `${HANDLER}exports.get = 5;` }, 'chat.js: get must be a function.'],
    [
      'two files of one name',
      { 'chat.js': QUIET, 'chat.mjs': '' },
      'chat.mjs: the service chat is in chat.js already.',
    ],
    [
      'a name that no path can have',
      { 'my chat.js': QUIET },
      'my chat.js: "my chat" cannot name a service: letters, digits, -, _, . and ~ make a name, 64 at most.',
    ],
  ] as [string, Record<string, string>, string][])('names the place of %s', async (_, files, message) => {
    expect(await complaint(files)).toBe(message);
  });

  it('names a module that waits for ever', async () => {
    await writeFile(join(folder, 'stuck.mjs'), 'await new Promise(() => {});\n');
    await expect(loadServices(folder, { patienceMs: 50 })).rejects.toThrow(
      /stuck\.mjs: it was not there after 0\.05 s\.$/,
    );
  });

  it('names a link that leads nowhere', async () => {
    await symlink('nosuch', join(folder, 'chat.js'));
    expect(await complaint({})).toMatch(/^chat\.js: ENOENT: no such file/);
  });

  it('warns of a service that nobody can open, and of a folder without any', async () => {
    await load({});
    await load({ 'chat.js': HANDLER });
    expect(logged()).toEqual([
      `warn  there are no services in the folder folder=${JSON.stringify(folder)}`,
      'warn  a service exports neither get nor all, so nobody can open a session service=chat',
    ]);
  });
});
