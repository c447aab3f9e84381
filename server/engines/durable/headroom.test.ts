import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Headroom } from './headroom.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-headroom-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('Headroom', () => {
  it('lets the file grow by more than is asked for, and leaves it alone while that lasts', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'what is there');
    let used = 13;
    const headroom = new Headroom(file, () => used);
    const sizes: number[] = [];
    for (let turn = 0; turn < 40; turn++) {
      await headroom.reserve(100_000);
      used += 90_000;
      sizes.push((await stat(file)).size);
    }
    expect(sizes.every((size, turn) => size >= 13 + turn * 90_000 + 100_000)).toBe(true);
    expect(new Set(sizes).size).toBeLessThan(5);
  });

  it('does not grow where what was promised was not used', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const headroom = new Headroom(file, () => 0);
    for (let turn = 0; turn < 100; turn++) await headroom.reserve(100_000);
    expect((await stat(file)).size).toBeLessThan(2_000_000);
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    const headroom = new Headroom('/dev/full', () => 0);
    await expect(headroom.reserve(1)).rejects.toMatchObject({ code: 'ENOSPC' });
    await expect(headroom.reserve(1)).rejects.toMatchObject({ code: 'ENOSPC' });
  });
});
