import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it, onTestFinished } from 'vitest';
import { DurableEngine } from '../engines/durable/durable-engine.ts';
import { DEFAULT_LIMITS } from '../limits.ts';

const FILLER = join(import.meta.dirname, 'support', 'durable-filler.ts');
const hasPrlimit = spawnSync('prlimit', ['--version']).status === 0;

/** `ulimit` stands for the disk: the store's file may not grow beyond it, until `prlimit` lifts it. */
it.skipIf(!hasPrlimit)(
  'takes nothing while the disk is full, and everything when it is not',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roomplex-full-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const command = 'ulimit -S -f 4000; exec "$@"';
    const program = [process.execPath, '--import', import.meta.resolve('tsx'), FILLER, folder];
    const child = spawn('sh', ['-c', command, 'sh', ...program], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const lines: unknown[][] = [];
    createInterface(child.stdout).on('line', (text) => {
      const line = JSON.parse(text) as unknown[];
      lines.push(line);
      if (line[0] === 'refused') spawnSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:']);
    });
    expect(await once(child, 'close')).toEqual([0, null]);

    const [refusal, ...more] = lines.filter(([what]) => what === 'refused');
    expect(more).toEqual([]);
    expect(refusal?.[1]).toBe('unavailable');
    expect(refusal?.[2]).toMatch(
      /^the store cannot be written: the (disk is full, or fails|file may not become any larger)$/,
    );
    expect(refusal?.[3]).toBe(false);
    expect(lines.at(-1)).toEqual(['available', true]);
    const accepted = lines.flatMap(([what, data]) => (what === 'accepted' ? [data] : []));
    const heard = lines.flatMap(([what, data]) => (what === 'heard' ? [data] : []));
    expect(accepted.length).toBeGreaterThan(200);
    expect(heard).toEqual(accepted);

    const engine = new DurableEngine({ folder, limits: DEFAULT_LIMITS });
    await engine.start({ published: () => undefined, changed: () => undefined });
    onTestFinished(() => engine.stop());
    const room = { space: 'rooms', name: 'r' };
    const stored = Array.from({ length: Math.ceil(accepted.length / 100) }, (_, page) =>
      engine.history(room, { after: page * 100, limit: 100 }),
    ).flat();
    expect(stored.map(({ data }) => data)).toEqual(accepted);
  },
  30_000,
);
