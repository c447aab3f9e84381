import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';

const LOCK = join(import.meta.dirname, 'lock.mjs');

let folder: string;
let file: string;
let diary: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomplex-lock-'));
  file = join(folder, 'sub', 'tools.lock');
  diary = join(folder, 'diary');
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that writes `in` and `out` into the diary while it holds the lock; with `stay` it never lets go. */
function holder({ stay = false } = {}): ChildProcess {
  const program = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as wait } from 'node:timers/promises';
    import { withLock } from ${JSON.stringify(LOCK)};
    await withLock(async () => {
      appendFileSync(${JSON.stringify(diary)}, 'in\\n');
      process.stdout.write('in');
      await wait(${stay ? 1e6 : 20});
      appendFileSync(${JSON.stringify(diary)}, 'out\\n');
    }, ${JSON.stringify(file)});
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

async function exit(child: ChildProcess): Promise<unknown> {
  return (await once(child, 'exit'))[0];
}

describe('withLock', () => {
  it('lets one process in at a time', async () => {
    const codes = await Promise.all(Array.from({ length: 5 }, () => exit(holder())));
    expect(codes).toEqual([0, 0, 0, 0, 0]);
    expect(await readFile(diary, 'utf8')).toBe('in\nout\n'.repeat(5));
    await expect(access(file)).rejects.toThrow('ENOENT');
  });

  it('takes over from a process that was killed', async () => {
    const first = holder({ stay: true });
    await once(first.stdout as NodeJS.ReadableStream, 'data');
    first.kill('SIGKILL');
    await exit(first);
    expect(await exit(holder())).toBe(0);
    expect(await readFile(diary, 'utf8')).toBe('in\nin\nout\n');
  });

  it('takes over a lock that shows no sign of life, though its number belongs to another program', async () => {
    await exit(holder());
    await writeFile(file, String(process.pid));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(file, longAgo, longAgo);
    expect(await exit(holder())).toBe(0);
  });
});
