import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFolder } from './open-folder.ts';
import { LockTaken, StoreLock } from './store-lock.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe.skipIf(process.platform === 'win32')('StoreLock', () => {
  it('is had once, and again when it was released', async () => {
    const lock = await StoreLock.take(folder);
    await expect(StoreLock.take(folder)).rejects.toMatchObject({ pid: process.pid });
    await lock.release();
    await (await StoreLock.take(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is had by one of many who try at the same time', async () => {
    const tries = await Promise.allSettled(Array.from({ length: 10 }, () => StoreLock.take(folder)));
    const locks = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(locks).toHaveLength(1);
    for (const each of tries) if (each.status === 'rejected') expect(each.reason).toBeInstanceOf(LockTaken);
    await locks[0]?.release();
  });

  it('replaces what is left of one that nobody holds any more', async () => {
    await writeFile(join(folder, 'roomplex.lock'), '');
    await (await StoreLock.take(folder)).release();
  });

  it('knows one whose holder says nothing of itself', async () => {
    const other = createServer((socket) => socket.end('hello'));
    await new Promise<void>((resolve) => other.listen(join(folder, 'roomplex.lock'), resolve));
    await expect(StoreLock.take(folder)).rejects.toMatchObject({ pid: undefined });
    other.close();
  });

  it('does not mind how long the name of the folder is', async () => {
    const deep = join(folder, 'x'.repeat(100), 'y'.repeat(100));
    await mkdir(deep, { recursive: true });
    const lock = await StoreLock.take(deep);
    await expect(StoreLock.take(deep)).rejects.toMatchObject({ pid: process.pid });
    await lock.release();
  });
});

describe('openFolder', () => {
  it('says who has the store', async () => {
    const own = await openFolder(folder);
    await expect(openFolder(folder)).rejects.toThrow(
      `The store in ${folder} is in use by process ${process.pid}. Stop that, or take another folder with --data.`,
    );
    await own.close();
    await (await openFolder(folder)).close();
  });

  it('says when there cannot be a folder', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const path of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      await expect(openFolder(path)).rejects.toThrow(
        `There cannot be a store in ${path}: that is no folder.`,
      );
    }
  });

  it('says when the folder may not be written', async () => {
    const closed = join(folder, 'closed');
    await mkdir(closed, { mode: 0o555 });
    await chmod(folder, 0o755);
    await asNobody(() =>
      expect(openFolder(closed)).rejects.toThrow(`The store in ${closed} may not be written by this user.`),
    );
  });
});

/** Root may write everywhere, so for a while it is somebody else. */
async function asNobody(task: () => Promise<void>): Promise<void> {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await task();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
