import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findProxy, type ProxyName } from '../../tools/proxies.mjs';
import { freePort } from './free-port.ts';

/** How one proxy program is run. */
export interface ProxyProgram {
  readonly program: ProxyName;
  /** Files to write into its folder before it starts, by relative path. */
  readonly files: (place: Place) => Readonly<Record<string, string>>;
  readonly args: (place: Place) => readonly string[];
  /** Environment variables that it needs beside ours. */
  readonly env?: (place: Place) => Readonly<Record<string, string>>;
  /** What ends it at once. @default 'SIGTERM' */
  readonly endSignal?: NodeJS.Signals;
}

/** Where a proxy lives while it runs. */
export interface Place {
  /** Its own folder, removed when it ends. */
  readonly folder: string;
  /** The loopback port to listen on. */
  readonly port: number;
}

export interface RunningProxy {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const START_TIMEOUT_MS = 15_000;
const KILL_AFTER_MS = 3_000;
/** Somebody else may take the port that was found free. */
const TRIES = 3;

/** Starts a proxy on a free port and waits until it accepts connections. */
export async function runProxy(program: ProxyProgram): Promise<RunningProxy> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryProxy(program);
    } catch (error) {
      const isPortTaken = /address already in use|cannot bind/i.test(String(error));
      if (!isPortTaken || attempt === TRIES) throw error;
    }
  }
}

async function tryProxy(proxy: ProxyProgram): Promise<RunningProxy> {
  const { program, files, args, env, endSignal = 'SIGTERM' } = proxy;
  const command = findProxy(program);
  if (command === undefined) throw new Error(`${program} is not installed`);
  const folder = await mkdtemp(join(tmpdir(), `roomplex-lab-${program}-`));
  const place = { folder, port: await freePort() };
  for (const [path, text] of Object.entries(files(place))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  const child = spawn(command, args(place), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env?.(place) },
  });
  const endWithUs = (): void => void child.kill(endSignal);
  process.on('exit', endWithUs);
  const gone = once(child, 'close').finally(() => process.off('exit', endWithUs));
  const stop = async (): Promise<void> => {
    await end(child, gone, endSignal);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilListening(child, place.port, lastWords(child));
  } catch (error) {
    await stop();
    throw new Error(`${program} did not start: ${(error as Error).message}`, { cause: error });
  }
  return { port: place.port, stop };
}

/** The end of what it says, for messages about why it does not start. */
function lastWords(child: ChildProcess): () => string {
  let said = '';
  for (const output of [child.stdout, child.stderr])
    output?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  return () => said.trim();
}

async function untilListening(child: ChildProcess, port: number, said: () => string): Promise<void> {
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('close', (code, signal) => (failure ??= `it ended with ${signal ?? code}: ${said()}`));
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await accepts(port))) {
    if (failure !== undefined) throw new Error(failure);
    if (performance.now() > deadline)
      throw new Error(`nobody listens after ${START_TIMEOUT_MS / 1000} s. ${said()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function end(child: ChildProcess, gone: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await gone;
  clearTimeout(timer);
}
