import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { CLI } from './cli.ts';
import { freePort } from './free-port.ts';

const START_LIMIT_MS = 60_000;

/** Whether there is a server to start. */
export function isBuilt(): boolean {
  return existsSync(CLI);
}

/** How the server is run. */
export interface ServerOptions {
  /** Its store; without one it keeps nothing. */
  readonly data?: string;
  /** More arguments of the command line. */
  readonly args?: readonly string[];
  /** More of the environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Told when it ends without having been asked to, with what it said last. */
  readonly onCrash: (what: string) => void;
}

/** The real program in a process of its own, always on the same port, that can be killed and started again. */
export class ServerProcess {
  readonly port: number;
  readonly #options: ServerOptions;
  #child: ChildProcess;
  #complaint = '';
  #starts = 1;
  #isWanted = true;

  private constructor(port: number, options: ServerOptions, child: ChildProcess) {
    this.port = port;
    this.#options = options;
    this.#child = child;
  }

  /** Resolves when it listens. */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const port = await freePort();
    const server = new ServerProcess(port, options, launch(port, options));
    await server.#listening();
    return server;
  }

  /** How often it was started, the first time included. */
  get starts(): number {
    return this.#starts;
  }

  get #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Ends it as a power cut ends a process: nothing of it runs on. */
  kill(): Promise<void> {
    return this.#end('SIGKILL');
  }

  /** Starts it again, with the same store. Resolves with the ms until it listened. */
  async restart(): Promise<number> {
    const start = performance.now();
    this.#starts++;
    this.#child = launch(this.port, this.#options);
    await this.#listening();
    return performance.now() - start;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  /** Ends it in good order. */
  stop(): Promise<void> {
    return this.#end('SIGTERM');
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    this.#isWanted = false;
    if (!this.#isRunning) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exit;
  }

  #ended(how: string | number | null): void {
    if (this.#isWanted) this.#options.onCrash(`the server ended with ${how}\n${this.#complaint}`.trimEnd());
  }

  async #listening(): Promise<void> {
    const child = this.#child;
    this.#complaint = '';
    this.#isWanted = true;
    (child.stderr as Readable).setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = (this.#complaint + text).slice(-4000);
    });
    const lines = createInterface({ input: child.stdout as Readable });
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => fail(`did not listen within ${START_LIMIT_MS} ms`), START_LIMIT_MS);
      const fail = (what: string): void => {
        clearTimeout(timer);
        reject(new Error(`the server ${what}\n${this.#complaint}`.trimEnd()));
      };
      lines.on('line', (line) => {
        if (!/listening on http:/.test(line)) return;
        clearTimeout(timer);
        child.once('close', (code, signal) => {
          if (child === this.#child) this.#ended(signal ?? code);
        });
        resolve();
      });
      child.once('error', (error) => fail(`could not be started: ${error.message}`));
      child.once('close', (code, signal) => fail(`ended with ${signal ?? code}`));
    });
  }
}

function launch(port: number, { data, args = [], env = {} }: ServerOptions): ChildProcess {
  const store = data === undefined ? ['--memory'] : ['--data', data];
  const child = spawn(
    process.execPath,
    [CLI, '--host', '127.0.0.1', '--port', String(port), '--log-level', 'warn', ...store, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_ENV: 'production', ...env } },
  );
  // Nothing that was started outlives this process.
  const onExit = (): void => void child.kill('SIGKILL');
  process.once('exit', onExit);
  child.once('exit', () => process.off('exit', onExit));
  return child;
}
