import { execFile } from 'node:child_process';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Skipped } from '../scenario.ts';

/**
 * Compiles what is loaded in front of the C library of a process, from a source beside this one, and gives the file.
 *
 * @throws Skipped where it cannot be had.
 */
export async function compilePreload(source: string, workshop: string): Promise<string> {
  if (process.platform !== 'linux') throw new Skipped('file system calls are caught on Linux only');
  const library = join(workshop, `${basename(source, '.c')}.so`);
  const path = fileURLToPath(new URL(source, import.meta.url));
  try {
    await promisify(execFile)('cc', ['-shared', '-fPIC', '-O2', '-o', library, path, '-ldl', '-lpthread']);
  } catch (error) {
    throw new Skipped(`no C compiler: ${(error as Error).message.split('\n', 1)[0]}`, { cause: error });
  }
  return library;
}
