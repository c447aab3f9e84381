import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServer } from '../create-server.ts';
import { exportRooms } from './export.ts';
import { importRooms } from './import.ts';
import type { GivenOptions } from './given-options.ts';

type Server = ReturnType<typeof createServer>;

let folder: string;
let told: string;
const running: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-transfer-'));
  told = '';
});
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
  await rm(folder, { recursive: true });
});

const stderr = { write: (part: string) => (told += part) };

function given(options: Readonly<Record<string, unknown>>): GivenOptions {
  return new Map(Object.entries(options).map(([name, value]) => [name, { value, from: `--${name}` }]));
}

async function serve(data: string): Promise<Server> {
  const server = createServer(null, { data: join(folder, data), limits: { room: 0 } });
  running.push(server);
  await server.ready();
  return server;
}

async function stop(server: Server): Promise<void> {
  running.splice(running.indexOf(server), 1);
  await server.close();
}

/** A store with two rooms, and the server that has it. */
async function fill(data: string): Promise<Server> {
  const server = await serve(data);
  for (const said of ['tea', { n: [1, null] }, null, 'ü€😀\u2028']) await server.publish('kitchen', said);
  await server.change('kitchen', [
    { key: 'topic', value: 'soup' },
    { key: 'old', value: 1 },
    { key: '__proto__', value: { x: 1 } },
  ]);
  await server.change('kitchen', [{ key: 'old' }, { key: 'topic', value: 'tea' }]);
  await server.publish('l'.repeat(3000), 'long');
  return server;
}

async function exported(data: string, options: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const stdout = new PassThrough();
  const all = text(stdout);
  await exportRooms(given(options), { cwd: folder, data, operand: undefined, stdout, stderr });
  stdout.end();
  return all;
}

async function imported(
  lines: string,
  data: string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const stdin = Readable.from([Buffer.from(lines)]);
  await importRooms(given(options), { cwd: folder, data, operand: '-', stdin, stderr });
}

/** What a store has, without when it was written down. */
async function contents(data: string): Promise<unknown[]> {
  const lines = (await exported(data)).trimEnd().split('\n');
  return lines.slice(1).map((line) => JSON.parse(line) as unknown);
}

describe('export', () => {
  it('writes down rooms, messages and state while a server goes on', async () => {
    const server = await fill('data');
    const lines = (await exported('data')).trimEnd().split('\n');
    const [head, room, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const store = String(room?.['epoch']).split('.')[0];
    expect(head).toEqual({ roomplex: 'export', format: 1, store, at: expect.any(Number) });
    expect(room).toMatchObject({ room: 'kitchen', space: 'rooms', offset: 4, first: 1, rev: 2, keys: 3 });
    expect(rest.slice(0, 4).map(({ data }) => data)).toEqual(['tea', { n: [1, null] }, null, 'ü€😀\u2028']);
    expect(rest[0]).toEqual({ offset: 1, at: expect.any(Number), data: 'tea', name: 'server' });
    expect(rest.slice(4, 7).map((line) => JSON.stringify(line))).toEqual([
      '{"key":"topic","value":"tea","rev":2}',
      '{"key":"__proto__","value":{"x":1},"rev":1}',
      '{"key":"old","rev":2}',
    ]);
    expect(rest.at(-1)).toEqual({ end: true, rooms: 2, messages: 5 });
    expect(told).toBe('Exported 2 rooms and 5 messages.\n');
    expect((await server.publish('kitchen', 'more')).offset).toBe(5);
  });

  it('takes one room alone, however long its name, and says when there is none', async () => {
    await fill('data');
    for (const room of ['kitchen', 'l'.repeat(3000)]) {
      const rooms = (await exported('data', { room })).match(/"room":"\w+"/g);
      expect(rooms).toEqual([`"room":"${room}"`]);
    }
    await expect(exported('data', { room: 'attic' })).rejects.toThrow('There is no room attic in data.');
  });

  it('leaves a file that is whole, or none', async () => {
    await stop(await fill('data'));
    const context = { cwd: folder, data: 'data', stdout: new PassThrough(), stderr };
    await exportRooms(given({}), { ...context, operand: 'backup' });
    const [first, second] = [await readFile(join(folder, 'backup'), 'utf8'), await exported('data')];
    expect(first.split('\n').slice(1)).toEqual(second.split('\n').slice(1));
    await expect(exportRooms(given({}), { ...context, operand: 'no/such/backup' })).rejects.toThrow(
      /^Cannot write .*backup: ENOENT/,
    );
    expect((await readdir(folder)).sort()).toEqual(['backup', 'data']);
  });

  it('says when there is no store', async () => {
    await expect(exported('nosuch')).rejects.toThrow(`There is no store in ${join(folder, 'nosuch')}.`);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says when the store cannot be read', async () => {
    await mkdir(join(folder, 'data/store.mdb'), { recursive: true });
    await expect(exported('data')).rejects.toThrow(
      `The store in ${join(folder, 'data')} cannot be read: EISDIR`,
    );
  });
});

describe('import', () => {
  it('brings everything back, with epochs, positions and revisions', async () => {
    await stop(await fill('data'));
    const lines = await exported('data');
    await imported(lines, 'other');
    expect(told).toContain('Imported 2 rooms and 5 messages.\n');
    expect(await contents('other')).toEqual(await contents('data'));
    const server = await serve('other');
    const [{ epoch }] = (await contents('data')) as [{ epoch: string }];
    expect(await server.publish('kitchen', 'more')).toEqual({ epoch, offset: 5 });
    expect(await server.change('kitchen', [{ key: 'topic', value: 'x', ifRev: 2 }])).toEqual({
      epoch,
      rev: 3,
    });
    expect((await server.history('kitchen')).map(({ offset }) => offset)).toEqual([1, 2, 3, 4, 5]);
  });

  it('refuses rooms that are there, and replaces them when it is told to', async () => {
    await stop(await fill('data'));
    const lines = await exported('data', { room: 'kitchen' });
    const server = await serve('other');
    const { epoch } = await server.publish('kitchen', 'mine');
    await stop(server);
    await expect(imported(lines, 'other')).rejects.toThrow('One thing was left out.');
    expect(told).toContain('roomplex: stdin:2: there is a room "kitchen" already.\n');
    expect(await contents('other')).toMatchObject([{ room: 'kitchen', epoch, offset: 1 }, {}, {}]);
    await imported(lines, 'other', { replace: true });
    expect((await contents('other'))[0]).toEqual((await contents('data'))[0]);
  });

  it('gives a room another epoch when the store had gone on in that which it comes with', async () => {
    const server = await fill('data');
    const lines = await exported('data');
    const { epoch } = await server.publish('kitchen', 'more');
    server.closeRoom('l'.repeat(3000));
    await stop(server);
    await imported(lines, 'data', { replace: true });
    const rooms = ((await contents('data')) as { room?: string; epoch?: string }[]).filter(
      ({ room }) => room,
    );
    expect(rooms.map(({ room }) => room?.slice(0, 7))).toEqual(['kitchen', 'lllllll']);
    expect(rooms.filter((room) => room.epoch === epoch)).toEqual([]);
  });

  it.each([
    ['{"offset":3,"at":1,"data":1}', 'offset must be 2, and at most 2'],
    ['{"offset":2,"at":0,"data":1}', 'at must not be before that of the message before'],
    ['{"offset":2,"at":"x"}', 'at must be a time in ms'],
    ['{"offset":2,"at":1,"sender":5}', 'sender must be a text or absent'],
    ['{"offset":2', 'this is no JSON'],
    ['[]', 'this is no JSON object'],
    ['{"what":1}', 'this is no line of an export'],
    ['{"key":"a","value":1,"rev":9}', 'rev must be at most 1, that of the room'],
    ['{"key":5,"value":1,"rev":1}', 'key must be a text'],
    ['{"end":true,"rooms":1,"messages":2}', 'the room "r" ends after 1 of 2 messages'],
  ])('leaves a room out of which it cannot take %s, and takes the others', async (line, why) => {
    const room = (name: string): string =>
      JSON.stringify({
        room: name,
        space: 'rooms',
        epoch: 'e.0',
        offset: 2,
        first: 1,
        rev: 1,
        keys: 1,
        at: 1,
      });
    const rest = ['{"offset":2,"at":1,"data":2}', '{"key":"a","value":1,"rev":1}'];
    const first = '{"offset":1,"at":1,"data":1}';
    const lines = [
      '{"roomplex":"export","format":1,"store":"s","at":1}',
      ...[room('r'), first, line],
      ...(line.includes('"end"') ? [] : rest),
      ...[room('whole'), first, ...rest, '{"end":true,"rooms":2,"messages":4}'],
    ];
    await expect(imported(`${lines.join('\r\n')}\n`, 'data')).rejects.toThrow('left out');
    expect(told).toContain(`roomplex: stdin:4: ${why}.\n`);
    expect(told).toContain('Imported 1 room and 2 messages.\n');
    expect((await contents('data')).map((each) => (each as { room?: string }).room)).toEqual([
      'whole',
      ...Array(4).fill(undefined),
    ]);
  });

  it.each([
    ['{"some":"thing"}', 'this is no line of an export'],
    [
      '{"roomplex":"export","format":2,"store":"s","at":1}',
      'format must be 1, the format that this program knows',
    ],
    ['{"end":true,"rooms":0,"messages":0}', 'this does not begin like an export of Roomplex'],
  ])('takes nothing of what begins with %s', async (head, why) => {
    await expect(imported(`${head}\n{"room":"r"}\n`, 'data')).rejects.toThrow('One thing was left out.');
    expect(told).toBe(`roomplex: stdin:1: ${why}.\nImported 0 rooms and 0 messages.\n`);
  });

  it('says that an export ends too early, and leaves out what is not whole', async () => {
    await stop(await fill('data'));
    const lines = (await exported('data')).split('\n');
    await expect(imported(lines.slice(0, 4).join('\n'), 'other')).rejects.toThrow('One thing was left out.');
    expect(told).toContain('roomplex: stdin:4: the export ends too early.\n');
    const server = await serve('other');
    expect(server.rooms()).toEqual([]);
  });

  it('says when a server has the store, or the file is not there', async () => {
    await fill('data');
    await expect(imported('', 'data')).rejects.toThrow(`is in use by process ${process.pid}.`);
    const context = { cwd: folder, data: 'data', stdin: Readable.from([]), stderr };
    await expect(importRooms(given({}), { ...context, operand: 'nosuch' })).rejects.toThrow(
      'Cannot read nosuch: there is no such file.',
    );
  });

  it('takes the file that export wrote', async () => {
    await stop(await fill('data'));
    await writeFile(join(folder, 'backup'), await exported('data'));
    await importRooms(given({}), {
      cwd: folder,
      data: 'other',
      operand: 'backup',
      stdin: Readable.from([]),
      stderr,
    });
    expect(await contents('other')).toEqual(await contents('data'));
  });
});
