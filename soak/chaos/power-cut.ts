import { mkdir, open, readdir, readFile, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { SeededRandom } from '../random.ts';
import { compilePreload } from './preload.ts';

const PAGE = 4096;
const HEAD_BYTES = 16;

/** What was in a file before it was written to, and was not flushed since. */
interface Note {
  readonly path: string;
  readonly at: number;
  readonly before: Buffer;
}

/** A machine that loses its power with the process: what was not flushed is lost, or some of it. */
export class PowerCut {
  /** What the process must have in its environment. */
  readonly env: NodeJS.ProcessEnv;
  readonly #notes: string;

  private constructor(env: NodeJS.ProcessEnv, notes: string) {
    this.env = env;
    this.#notes = notes;
  }

  /**
   * For what is written below `folder`; `workshop` is for its own files.
   *
   * @throws Skipped where it cannot be had.
   */
  static async build(folder: string, workshop: string): Promise<PowerCut> {
    const library = await compilePreload('power-cut.c', workshop);
    const notes = join(workshop, 'notes');
    await mkdir(notes);
    const env = { LD_PRELOAD: library, POWER_CUT_FOLDER: folder, POWER_CUT_NOTES: notes };
    return new PowerCut(env, notes);
  }

  /**
   * To be done when the process was killed: takes back everything that was not flushed, or, as disks do, any part of
   * it, page by page. Gives how many pages were taken back.
   */
  async strike(random: SeededRandom): Promise<number> {
    const isAll = random.chance(0.5);
    let pages = 0;
    for (const name of await readdir(this.#notes)) {
      const file = join(this.#notes, name);
      const first = firstOfEachPage(readNotes(await readFile(file)));
      for (const note of first) {
        if (!isAll && random.chance(0.5)) continue;
        await restore(note);
        pages++;
      }
      await rm(file);
    }
    return pages;
  }
}

/** Of what was written to a page several times, how it was before the first. */
function firstOfEachPage(notes: Iterable<Note>): Note[] {
  const first = new Map<string, Note>();
  for (const { path, at, before } of notes) {
    for (let start = 0; start < before.length; start += PAGE) {
      const key = `${path} ${at + start}`;
      if (!first.has(key))
        first.set(key, { path, at: at + start, before: before.subarray(start, start + PAGE) });
    }
  }
  return [...first.values()];
}

/** The last one may be cut short, and then its write never happened. */
function* readNotes(bytes: Buffer): Generator<Note> {
  for (let start = 0; start + HEAD_BYTES <= bytes.length;) {
    const at = Number(bytes.readBigInt64LE(start));
    const length = bytes.readUInt32LE(start + 8);
    const pathEnd = start + HEAD_BYTES + bytes.readUInt32LE(start + 12);
    const end = pathEnd + length;
    if (end > bytes.length) return;
    const path = bytes.toString('utf8', start + HEAD_BYTES, pathEnd);
    yield { path, at, before: bytes.subarray(pathEnd, end) };
    start = end;
  }
}

async function restore({ path, at, before }: Note): Promise<void> {
  let file: FileHandle;
  try {
    file = await open(path, 'r+');
  } catch {
    // It has another name by now.
    return;
  }
  try {
    await file.write(before, 0, before.length, at);
  } finally {
    await file.close();
  }
}
