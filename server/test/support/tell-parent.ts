import { writeSync } from 'node:fs';

const blink = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes one JSON array as a line to stdout, whole and before it returns: whoever is killed afterwards has said it.
 * Where the reader is busy and the pipe is full, it waits.
 */
export function tellParent(...line: readonly unknown[]): void {
  let rest = Buffer.from(`${JSON.stringify(line)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(blink, 0, 0, 1);
    }
  }
}
