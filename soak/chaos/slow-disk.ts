import { execFile } from 'node:child_process';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Skipped } from '../scenario.ts';

const SOURCE = fileURLToPath(new URL('slow-disk.c', import.meta.url));
const NO_SPACE = 28;

/** What the disk does to each call that writes or flushes. */
type Mood = 'fine' | 'full' | { readonly delayMs: number };

/** Makes the real file system calls of a process slow, or fail, below one folder. */
export class SlowDisk {
  /** What the process must have in its environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly #control: string;

  private constructor(env: NodeJS.ProcessEnv, control: string) {
    this.env = env;
    this.#control = control;
  }

  /**
   * For what is written below `folder`; `workshop` is for its own files.
   *
   * @throws Skipped where it cannot be had.
   */
  static async build(folder: string, workshop: string): Promise<SlowDisk> {
    if (process.platform !== 'linux') throw new Skipped('file system calls are held up on Linux only');
    const library = join(workshop, 'slow-disk.so');
    const control = join(workshop, 'control');
    try {
      await promisify(execFile)('cc', ['-shared', '-fPIC', '-O2', '-o', library, SOURCE, '-ldl']);
    } catch (error) {
      throw new Skipped(`no C compiler: ${(error as Error).message.split('\n', 1)[0]}`, { cause: error });
    }
    const env = { LD_PRELOAD: library, SLOW_DISK_FOLDER: folder, SLOW_DISK_CONTROL: control };
    const disk = new SlowDisk(env, control);
    await disk.becomes('fine');
    return disk;
  }

  async becomes(mood: Mood): Promise<void> {
    const delayMs = typeof mood === 'object' ? mood.delayMs : 0;
    const next = `${this.#control}.next`;
    await writeFile(next, `${delayMs} ${mood === 'full' ? NO_SPACE : 0}\n`);
    await rename(next, this.#control);
  }
}
