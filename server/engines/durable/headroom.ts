import { open, type FileHandle } from 'node:fs/promises';

/** How much the file grows at a time, if there is room for it. */
const STEP_BYTES = 1_048_576;
const ZEROS = Buffer.alloc(65_536);

/**
 * Room at the end of the file. The library does not survive that a file cannot grow: when it words its complaint, it
 * writes beyond the memory that it has for that. So the file has grown before anything is written to it, and a disk
 * that is full says so here.
 */
export class Headroom {
  readonly #path: string;
  readonly #used: () => number;
  #end = 0;
  #promised = 0;

  /** `used`: how much of the file is taken, up to the last byte that is. */
  constructor(path: string, used: () => number) {
    this.#path = path;
    this.#used = used;
  }

  /**
   * Sees to it that so many bytes fit into the file.
   *
   * @throws what the system says, as `ENOSPC`.
   */
  async reserve(bytes: number): Promise<void> {
    this.#promised += bytes;
    if (this.#promised <= this.#end) return;
    const used = this.#used();
    this.#promised = used + bytes;
    if (this.#promised > this.#end) await this.#grow(used);
  }

  async #grow(used: number): Promise<void> {
    const file = await open(this.#path, 'r+');
    try {
      this.#end = Math.max((await file.stat()).size, used);
      await this.#fill(file, this.#promised + STEP_BYTES);
    } catch (error) {
      // Less may be enough.
      if (this.#end < this.#promised) throw error;
    } finally {
      await file.close();
    }
  }

  async #fill(file: FileHandle, end: number): Promise<void> {
    while (this.#end < end) {
      const length = Math.min(ZEROS.length, end - this.#end);
      this.#end += (await file.write(ZEROS, 0, length, this.#end)).bytesWritten;
    }
  }
}
