import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RoomAddress } from '../../hub/engine.ts';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { StoreError } from '../../store-error.ts';
import { Counters } from '../../telemetry/counters.ts';
import { DurableEngine } from './durable-engine.ts';
import { numberKey, roomKey } from './keys.ts';
import { decodeRecord, encodeRecord, type RoomRecord, type StoreRecord } from './records.ts';
import { Tree } from './tree.ts';
import { WriteSet } from './write-set.ts';

const PAGE = 4096;
const [ROOM, OTHER]: [RoomAddress, RoomAddress] = [
  { space: 'rooms', name: 'damaged' },
  { space: 'rooms', name: 'other' },
];

let folder: string;
let file: string;
let engine: DurableEngine;
let counters: Counters;
let logged: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-damage-'));
  file = join(folder, 'store.mdb');
  await start();
  for (const room of [ROOM, OTHER]) {
    await Promise.all(Array.from({ length: 400 }, (_, n) => publish(room, text(room, n + 1))));
    const roomChanges = ['a', 'b', 'c'].map((key) => ({ key, value: `${room.name} ${key}` }));
    await engine.change(room, { roomChanges, by: null });
  }
  await engine.stop();
});
afterEach(async () => {
  await engine.stop();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  counters = new Counters();
  logged = [];
  const error = (message: string, fields?: object): number =>
    logged.push(`${message} ${JSON.stringify(fields)}`);
  const log = { debug() {}, info() {}, warn() {}, error };
  engine = new DurableEngine({ folder, limits: DEFAULT_LIMITS, log, counters });
  await engine.start({ published: () => undefined, changed: () => undefined });
}

function text(room: RoomAddress, n: number): string {
  return `${room.name} says ${n}, ${'x'.repeat(60)}`;
}

async function publish(room: RoomAddress, data: unknown): Promise<number> {
  return (await engine.publish(room, { kind: 'message', data, sender: { id: null, name: 'ann' } })).offset;
}

function read(room: RoomAddress, after: number, limit: number): unknown[] {
  return engine.history(room, { after, limit }).map(({ data }) => data);
}

/** Everything of the other room is as it was. */
async function expectOtherWhole(): Promise<void> {
  expect(read(OTHER, 0, 1000)).toEqual(Array.from({ length: 400 }, (_, n) => text(OTHER, n + 1)));
  expect(engine.find(OTHER)?.state.values.get('b')).toBe('other b');
  expect(await publish(OTHER, 'more')).toBe(401);
}

/** Without the empty pages at the end, in which it has room to grow. */
async function usedSize(): Promise<number> {
  const last = (await readFile(file)).findLastIndex((byte) => byte !== 0);
  return Math.ceil((last + 1) / PAGE) * PAGE;
}

/** Changes what is in the file, behind the back of everything. */
async function edit(change: (tree: (name: string) => Tree, writes: WriteSet) => void): Promise<void> {
  const bytes = { encoding: 'binary', keyEncoding: 'binary' } as const;
  const database = open<Buffer, Buffer>({ path: file, ...bytes, maxDbs: 8, overlappingSync: false });
  const writes = new WriteSet();
  change((name) => new Tree(name === '' ? database : database.openDB<Buffer, Buffer>(name, bytes)), writes);
  await database.transaction(() => writes.apply());
  await database.close();
}

function idOf(tree: (name: string) => Tree, room: RoomAddress): number {
  return decodeRecord<RoomRecord>(tree('rooms').get(roomKey(room)) ?? Buffer.alloc(0)).id;
}

const UNAVAILABLE = { code: 'unavailable', message: 'the store is damaged where it has this room' };

async function attempt<T>(what: () => T | Promise<T>): Promise<T> {
  return what();
}

describe('a store that must not be opened', () => {
  async function refusal(): Promise<string> {
    const before = await readFile(file);
    const error: unknown = await start().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StoreError);
    expect((await readFile(file)).equals(before)).toBe(true);
    return (error as StoreError).message;
  }

  const REMEDY = 'Put a copy of it back, or move the folder away to begin with an empty one.';

  it.each([
    ['to nothing', () => 0],
    ['within its first page', () => 100],
    ['to its half', (size: number) => size / 2],
    ['in the middle of a page', (size: number) => Math.floor(size / 2 / PAGE) * PAGE + 5],
  ])('is one that was cut short %s', async (_what, length) => {
    const size = await usedSize();
    await truncate(file, length(size));
    expect(await refusal()).toBe(
      `The store in ${folder} is damaged: store.mdb cannot be used, it is cut short: ` +
        `only ${length(size)} bytes are left. ${REMEDY}`,
    );
  });

  it.each([
    ['everything', 0, Infinity],
    ['the first page', 0, 1],
    ['the second page', 1, 1],
  ])('is one in which %s is something else', async (_what, first, count) => {
    const bytes = await readFile(file);
    bytes.fill('garbage ', first * PAGE, Math.min((first + count) * PAGE, bytes.length));
    await writeFile(file, bytes);
    expect(await refusal()).toContain('it does not begin as it should');
  });

  it('is one whose trees have no root', async () => {
    const bytes = await readFile(file);
    for (const meta of [0, PAGE]) bytes.fill(0, rootOf(bytes, meta), rootOf(bytes, meta) + PAGE);
    await writeFile(file, bytes);
    expect(await refusal()).toMatch(/page \d+ is not what it should be/);
  });

  it('is one of a newer format', async () => {
    await edit((tree, writes) => {
      const key = Buffer.from('roomplex');
      const record = decodeRecord<StoreRecord>(tree('').get(key) ?? Buffer.alloc(0));
      writes.put(tree(''), key, encodeRecord({ ...record, format: 2 }));
    });
    expect(await refusal()).toBe(
      `The store in ${folder} was written by a newer Roomplex: its format is 2, this one knows 1.`,
    );
  });

  it('is one of another program', async () => {
    await edit((tree, writes) => writes.remove(tree(''), Buffer.from('roomplex')));
    expect(await refusal()).toBe(`What is in ${file} is no store of Roomplex.`);
  });
});

it('a file that is longer than it must be is opened', async () => {
  await appendFile(file, Buffer.alloc(PAGE * 3, 'x'));
  await start();
  await expectOtherWhole();
});

describe('damage in one room', () => {
  async function overwrite(wanted: string, change: (bytes: Buffer, at: number) => void): Promise<void> {
    const bytes = await readFile(file);
    for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + 1)) change(bytes, at);
    await writeFile(file, bytes);
    await start();
  }

  it('in one message makes history unavailable where that is, and nothing else', async () => {
    await overwrite(text(ROOM, 200), (bytes, at) => bytes.write('D', at));
    expect(() => read(ROOM, 190, 20)).toThrow(expect.objectContaining(UNAVAILABLE));
    expect(read(ROOM, 200, 300)).toHaveLength(200);
    expect(read(ROOM, 0, 199)).toHaveLength(199);
    expect(await publish(ROOM, 'more')).toBe(401);
    await expectOtherWhole();
    expect(counters.ignored.get('store damage')).toBe(1);
    expect(logged).toEqual([
      'the store is damaged {"space":"rooms","room":"damaged","what":"a checksum does not match"}',
    ]);
  });

  it('in the latest message makes the room unavailable', async () => {
    await overwrite(text(ROOM, 400), (bytes, at) => bytes.write('D', at));
    await expect(attempt(() => publish(ROOM, 'more'))).rejects.toMatchObject(UNAVAILABLE);
    expect(() => engine.subscribe(ROOM)).toThrow(expect.objectContaining(UNAVAILABLE));
    await expectOtherWhole();
  });

  it('in a whole page is told, and the process lives', async () => {
    await overwrite(text(ROOM, 200), (bytes, at) => bytes.fill(0, at - (at % PAGE), at - (at % PAGE) + PAGE));
    expect(() => read(ROOM, 190, 20)).toThrow(expect.objectContaining(UNAVAILABLE));
    await expectOtherWhole();
  });

  it('is a message that is not there', async () => {
    await edit((tree, writes) => writes.remove(tree('publications'), numberKey(idOf(tree, ROOM), 200)));
    await start();
    expect(() => read(ROOM, 190, 20)).toThrow(expect.objectContaining(UNAVAILABLE));
    expect(logged[0]).toContain('publication 200 is missing');
    await expectOtherWhole();
  });

  it('is a key of the state that is not there', async () => {
    await edit((tree, writes) => writes.remove(tree('cells'), numberKey(idOf(tree, ROOM), 2)));
    await start();
    expect(() => engine.find(ROOM)?.state).toThrow(expect.objectContaining(UNAVAILABLE));
    const change = { roomChanges: [{ key: 'a', value: 1 }], by: null };
    await expect(attempt(() => engine.change(ROOM, change))).rejects.toMatchObject(UNAVAILABLE);
    expect(logged[0]).toContain('there are 2 keys of the state where there should be 3');
    await expectOtherWhole();
  });

  it('goes when the room is forgotten, also one whose record is damaged', async () => {
    await overwrite('"name":"damaged"', (bytes, at) => bytes.write('D', at + 8));
    expect(() => engine.find(ROOM)).toThrow(expect.objectContaining(UNAVAILABLE));
    engine.forget(ROOM);
    expect(engine.find(ROOM)).toBeUndefined();
    expect(await publish(ROOM, 'anew')).toBe(1);
    expect([...engine.names('rooms')].sort()).toEqual(['damaged', 'other']);
    await expectOtherWhole();
  });
});

/** Where the page is that a meta page names as the root of all trees. */
function rootOf(bytes: Buffer, meta: number): number {
  return Number(bytes.readBigUInt64LE(meta + 136)) * PAGE;
}
