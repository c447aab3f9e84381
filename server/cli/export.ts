import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StoreExport } from '../engines/durable/export-store.ts';
import { StoreError } from '../store-error.ts';
import { startError } from './command-error.ts';
import { describeCount } from './describe-count.ts';
import type { GivenOptions } from './given-options.ts';
import { Progress, type ProgressStream } from './progress.ts';
import { readText } from './read-value.ts';

/** What `roomplex export` works with. */
export interface ExportContext {
  readonly cwd: string;
  /** Folder of the store. */
  readonly data: string;
  /** Where to write; absent or `-`: to `stdout`. */
  readonly operand: string | undefined;
  readonly stdout: Writable;
  readonly stderr: ProgressStream;
}

/** Writes down what is in a store. A file is there when all of it is in it. */
export async function exportRooms(options: GivenOptions, context: ExportContext): Promise<void> {
  const { cwd, data, operand = '-', stdout, stderr } = context;
  const given = options.get('room');
  const room = given && readText(given);
  let damaged = 0;
  const progress = new Progress(stderr, () => describeCount('Exported', source.exported));
  const source = await StoreExport.of(resolve(cwd, data), {
    room,
    onDamage: (name, what) => {
      damaged++;
      progress.say(`roomplex: The room ${name} is damaged and left out: ${what}.`);
    },
  }).catch((error: unknown) => {
    throw error instanceof StoreError ? startError(error.message, error) : error;
  });
  const lines = Readable.from(counted(source.lines(), progress));
  try {
    if (operand === '-') await pipeline(lines, stdout, { end: false });
    else await writeFile(lines, resolve(cwd, operand));
  } finally {
    await source.close();
  }
  progress.end();
  if (damaged > 0) throw startError(`${damaged} rooms could not be exported whole.`);
  if (room !== undefined && source.exported.rooms === 0)
    throw startError(`There is no room ${room} in ${data}.`);
}

function* counted(lines: Iterable<string>, progress: Progress): Generator<string> {
  for (const line of lines) {
    yield line;
    progress.step();
  }
}

async function writeFile(lines: Readable, path: string): Promise<void> {
  const partial = `${path}.partial`;
  try {
    await pipeline(lines, createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw startError(`Cannot write ${path}: ${(error as Error).message}.`, error);
  }
}
