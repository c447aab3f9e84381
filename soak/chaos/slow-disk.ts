import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compilePreload } from './preload.ts';

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
    const library = await compilePreload('slow-disk.c', workshop);
    const control = join(workshop, 'control');
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
