import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished } from 'vitest';

export const EXAMPLES = join(import.meta.dirname, '..', '..', '..', 'examples');
const PRELOADS = [
  import.meta.resolve('tsx'),
  join(import.meta.dirname, '..', '..', '..', 'tools', 'source-package.mjs'),
];

function run(name: string, args: readonly string[], stderr: 'inherit' | 'pipe', port = '0'): ChildProcess {
  const preloads = PRELOADS.flatMap((path) => ['--import', path]);
  const child = spawn(process.execPath, [...preloads, join(EXAMPLES, name), ...args], {
    env: { PATH: process.env['PATH'], PORT: port },
    stdio: ['pipe', 'pipe', stderr],
  });
  onTestFinished(() => void child.kill());
  return child;
}

/** A file of examples/, run as a reader of it would. */
export class Example {
  readonly child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string, ...args: string[]) {
    this.child = run(name, args, 'inherit');
    this.#lines = createInterface({ input: this.child.stdout as NodeJS.ReadableStream })[
      Symbol.asyncIterator
    ]();
  }

  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) throw new Error('the example ended early');
    return value;
  }

  /** The address in its first line. */
  async url(): Promise<string> {
    const line = await this.line();
    expect(line).toMatch(/^listening on http:\/\/localhost:\d+$/);
    return line.replace('listening on ', '');
  }
}

/** Starts an example where its port is taken: it says so in one line, and ends. */
export async function expectTaken(name: string, port: string): Promise<void> {
  const second = run(name, [], 'pipe', port);
  const errors = await text(second.stderr as Readable);
  expect(errors).toMatch(/^.*(?:is taken|already in use).*\n$/);
  expect(second.exitCode ?? (await once(second, 'exit'))[0]).toBe(1);
}
