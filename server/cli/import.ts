import { createReadStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { StoreImport } from '../engines/durable/import-store.ts';
import { StoreError } from '../store-error.ts';
import { startError } from './command-error.ts';
import { describeCount } from './describe-count.ts';
import type { GivenOptions } from './given-options.ts';
import { Progress, type ProgressStream } from './progress.ts';
import { describeReadFailure } from './read-failure.ts';
import { readYesNo } from './read-value.ts';

/** Refusals that are told one by one. */
const TOLD = 20;

/** What `roomplex import` works with. */
export interface ImportContext {
  readonly cwd: string;
  /** Folder of the store. */
  readonly data: string;
  /** What to read; `-`: `stdin`. */
  readonly operand: string;
  readonly stdin: Readable;
  readonly stderr: ProgressStream;
}

/** Puts what was exported into a store. Rooms that cannot be taken are told of and left out; all others are taken. */
export async function importRooms(options: GivenOptions, context: ImportContext): Promise<void> {
  const { cwd, data, operand, stderr } = context;
  const replaceGiven = options.get('replace');
  const name = operand === '-' ? 'stdin' : operand;
  let refused = 0;
  const progress = new Progress(stderr, () => describeCount('Imported', target.imported));
  const input = await openInput(context);
  const target = await StoreImport.into(resolve(cwd, data), {
    replace: replaceGiven !== undefined && readYesNo(replaceGiven),
    onRefused: (line, why) => {
      if (++refused <= TOLD) progress.say(`roomplex: ${name}:${line}: ${why}.`);
    },
  }).catch((error: unknown) => {
    throw error instanceof StoreError ? startError(error.message, error) : error;
  });
  try {
    await takeAll(input, target, progress);
  } finally {
    await target.close();
  }
  progress.end();
  if (refused > 0)
    throw startError(`${refused === 1 ? 'One thing was' : `${refused} things were`} left out.`);
}

async function takeAll(input: Readable, target: StoreImport, progress: Progress): Promise<void> {
  const lines = createInterface({ input, crlfDelay: Infinity });
  for await (const line of lines) {
    if (!(await target.take(line))) return;
    progress.step();
  }
  await target.end();
}

async function openInput({ cwd, operand, stdin }: ImportContext): Promise<Readable> {
  if (operand === '-') return stdin;
  const path = resolve(cwd, operand);
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw startError(`Cannot read ${operand}: ${describeReadFailure(error)}.`, error);
  });
  return createReadStream(path);
}
