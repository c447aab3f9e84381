import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer as createNetServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

const CLI = join(import.meta.dirname, '..', '..', 'cli.ts');
const TSX = import.meta.resolve('tsx');
/** Some containers have no IPv6. */
export const LOOPBACKS = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, address }) => internal && ['127.0.0.1', '::1'].includes(address))
  .map(({ address }) => address);

/** An empty folder, which is gone after the test. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'roomplex-cli-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The program in a process of its own, in a working directory. */
export class Roomplex {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ready: Promise<string>;
  readonly #exit: Promise<number | string>;

  constructor(folder: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
    const { PATH } = process.env;
    const child = spawn(process.execPath, ['--import', TSX, CLI, ...args], {
      cwd: folder,
      env: { PATH, ...env },
    });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    child.stdout.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.#exit = once(child, 'close').then(([code, signal]: (number | string)[]) => code ?? signal ?? '');
    this.#ready = new Promise((resolve, reject) => {
      createInterface(child.stdout).on('line', (line) => {
        const [, url] = / is listening on (\S+)$/.exec(line) ?? [];
        if (url !== undefined) resolve(url);
      });
      void this.#exit.then((code) => reject(new Error(`ended with ${code}: ${this.stderr}`)));
    });
    // Who waits for the exit only must not be told that the start failed.
    this.#ready.catch(() => {});
    onTestFinished(() => void child.kill('SIGKILL'));
  }

  /** The URL of the ready line. */
  ready(): Promise<string> {
    return this.#ready;
  }

  /** Exit code, or the signal that ended it. */
  exit(): Promise<number | string> {
    return this.#exit;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Waits for a line of the log. */
  async logged(text: string): Promise<void> {
    while (!this.stderr.includes(text)) await once(this.#child.stderr as NodeJS.ReadableStream, 'data');
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createNetServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
