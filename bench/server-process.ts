import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Subject } from './subjects.ts';

const START_LIMIT_MS = 15_000;
const COLLECTOR = fileURLToPath(new URL('collect-on-request.mjs', import.meta.url));

/**
 * V8 lets the young generation grow with the bustle of connecting and keeps it, up to 48 MiB, whether there are
 * ten connections or ten thousand; at a fixed size it does not pass for the connections' own memory.
 */
const MEMORY_FLAGS = ['--expose-gc', '--max-semi-space-size=1'];

/** A running subject, in a process of its own. */
export class ServerProcess {
  readonly port: number;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #folder: string | undefined;

  private constructor(child: ChildProcess, port: number, folder: string | undefined) {
    this.#child = child;
    this.#folder = folder;
    this.pid = child.pid ?? 0;
    this.port = port;
  }

  /**
   * Starts a subject and waits until it listens. For its memory to be measured it gets flags that make
   * {@link collectGarbage} work and its heap comparable.
   */
  static async start(subject: Subject, forMemory: boolean): Promise<ServerProcess> {
    const flags = forMemory ? [...MEMORY_FLAGS, '--import', COLLECTOR] : [];
    const folder = subject.folder && (await mkdtemp(join(tmpdir(), 'roomplex-bench-')));
    const program = [...subject.program, ...(subject.folder && folder ? [subject.folder, folder] : [])];
    const child = spawn(process.execPath, [...flags, ...program], {
      stdio: forMemory ? ['ignore', 'pipe', 'pipe', 'ipc'] : ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '' },
    });
    const onExit = (): void => void child.kill('SIGKILL');
    process.once('exit', onExit);
    child.once('exit', () => process.off('exit', onExit));
    try {
      return new ServerProcess(child, await listening(child, subject.name), folder);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  async collectGarbage(): Promise<void> {
    this.#child.send({ type: 'collect' });
    await once(this.#child, 'message');
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exit = once(this.#child, 'exit');
      this.#child.kill('SIGKILL');
      await exit;
    }
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

function listening(child: ChildProcess, name: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let complaint = '';
    const timer = setTimeout(() => fail(`did not listen within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new Error(`${name} ${what}${complaint && `:\n${complaint}`}`));
    };
    // Keeps the last of what it says; reading on keeps the pipe from filling up.
    (child.stderr as Readable).setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-4000);
    });
    createInterface({ input: child.stdout as Readable }).on('line', (line) => {
      const found = /listening on http:\/\/\S+:(\d+)/.exec(line);
      if (found === null) return;
      clearTimeout(timer);
      resolve(Number(found[1]));
    });
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('exit', (code) => fail(`ended with ${code}`));
  });
}
