import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../dist/server/cli.js', import.meta.url));
const READY = /listening on (http:\/\/localhost:(\d+))/;

/** The built server in a process of its own, which keeps nothing unless it is given `--data`; restarts keep the port. */
export class ServerProcess {
  readonly #options: readonly string[];
  #process: ChildProcess | null = null;
  #port = 0;
  #url = '';

  private constructor(options: readonly string[]) {
    this.#options = options;
  }

  /** Starts a server on a free port with these options beside it, and waits until it listens. */
  static async start(...options: string[]): Promise<ServerProcess> {
    const server = new ServerProcess(options);
    await server.start();
    return server;
  }

  /** Without a slash at the end. */
  get url(): string {
    return this.#url;
  }

  /** Starts again after {@link stop}, on the same port. */
  async start(): Promise<void> {
    const keeping = this.#options.includes('--data') ? [] : ['--memory'];
    const child = spawn(
      process.execPath,
      [CLI, '--port', String(this.#port), '--log-level', 'error', ...keeping, ...this.#options],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    this.#process = child;
    const lines = createInterface({ input: child.stdout });
    const exited = once(child, 'exit').then(([code]) => {
      throw new Error(`the server exited with ${String(code)} before it listened`);
    });
    const [, url, port] = await Promise.race([readyLine(lines), exited]);
    exited.catch(() => undefined);
    this.#url = url ?? '';
    this.#port = Number(port);
  }

  /** Ends it the way a deployment does, or as a crash would, and waits until it is gone. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}

async function readyLine(lines: AsyncIterable<string>): Promise<RegExpMatchArray> {
  for await (const line of lines) {
    const match = READY.exec(line);
    if (match !== null) return match;
  }
  throw new Error('the server closed its output before it listened');
}
