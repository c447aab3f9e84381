import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { link, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const NAME = 'roomplex.lock';
/** What the address of a socket holds on every system. */
const PATH_BYTES = 100;
/** How long a process that has the lock may take to say who it is, in ms. */
const ANSWER_MS = 1000;
const TRIES = 5;
/** What file systems say that cannot have sockets, such as folders that a container shares. */
const NO_SOCKETS = ['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EINVAL'];

/** Somebody else has the lock. */
export class LockTaken extends Error {
  /** Process id; `undefined` when it does not say. */
  readonly pid: number | undefined;

  constructor(pid: number | undefined) {
    super(pid === undefined ? 'another process has it' : `process ${pid} has it`);
    this.pid = pid;
  }
}

/**
 * Makes a folder this process's own until it ends, however it ends: the lock is a socket that listens, and who
 * connects is told the process id. What a killed process left behind answers nobody and is replaced.
 */
export class StoreLock {
  readonly #server: Server;
  readonly #folder: FileHandle | undefined;

  private constructor(server: Server, folder: FileHandle | undefined) {
    this.#server = server;
    this.#folder = folder;
  }

  /** @throws LockTaken */
  static async take(folder: string): Promise<StoreLock> {
    const path = join(folder, NAME);
    const elsewhere = addressElsewhere(folder);
    if (process.platform === 'win32') return new StoreLock(await listenAt(elsewhere), undefined);
    if (Buffer.byteLength(path) > PATH_BYTES) return StoreLock.#takeFar(folder, elsewhere);
    try {
      return new StoreLock(await listenAt(path), undefined);
    } catch (error) {
      if (!isCode(error, ...NO_SOCKETS)) throw error;
      return new StoreLock(await listenAt(elsewhere), undefined);
    }
  }

  /** Linux has a short name for an open folder. */
  static async #takeFar(folder: string, elsewhere: string): Promise<StoreLock> {
    if (process.platform !== 'linux') return new StoreLock(await listenAt(elsewhere), undefined);
    const handle = await open(folder);
    try {
      return new StoreLock(await listenAt(`/proc/self/fd/${handle.fd}/${NAME}`), handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async release(): Promise<void> {
    this.#server.close();
    await once(this.#server, 'close');
    await this.#folder?.close();
  }
}

/** Where the socket is when it cannot be in the folder. */
function addressElsewhere(folder: string): string {
  const name = `roomplex-${createHash('sha256').update(folder).digest('hex').slice(0, 32)}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
}

async function listenAt(path: string): Promise<Server> {
  for (let tries = 1; ; tries++) {
    const server = createServer((socket) => socket.on('error', () => undefined).end(String(process.pid)));
    server.listen(path);
    try {
      await once(server, 'listening');
      return server.unref();
    } catch (error) {
      if (!isCode(error, 'EADDRINUSE') || tries === TRIES) throw error;
    }
    await refuseIfAlive(path);
    await clear(path);
  }
}

/** Takes away what nobody listens at. Should somebody else have been quicker, it is theirs and is put back. */
async function clear(path: string): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  try {
    await refuseIfAlive(aside);
  } catch (error) {
    await link(aside, path).catch(() => undefined);
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

async function refuseIfAlive(path: string): Promise<void> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
  } catch (error) {
    if (isCode(error, 'ECONNREFUSED') || isCode(error, 'ENOENT')) return;
    throw error;
  }
  throw new LockTaken(await pidFrom(socket));
}

async function pidFrom(socket: Socket): Promise<number | undefined> {
  socket.setTimeout(ANSWER_MS, () => socket.destroy());
  const answer = await text(socket).catch(() => '');
  return /^\d+$/.test(answer) ? Number(answer) : undefined;
}

function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
