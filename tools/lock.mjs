import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './progress.mjs';
import { cache } from './root.mjs';

const FILE = cache('tools.lock');
const RETRY_MS = 200;
const SIGN_OF_LIFE_MS = 1000;
/** A process number may be given to another program, so a lock must also show signs of life. */
const DEAD_AFTER_MS = 20_000;

/** Runs `work` while no other tool of this repository installs or builds; waits for its turn. */
export async function withLock(work) {
  mkdirSync(cache(), { recursive: true });
  let told = false;
  while (!tryLock()) {
    if (breakIfDead()) continue;
    if (!told)
      say(`… waiting for another start or test to finish its build (process ${readOwner() ?? 'unknown'})`);
    told = true;
    await wait(RETRY_MS);
  }
  const release = () => {
    if (readOwner() === process.pid) rmSync(FILE, { force: true });
  };
  const signs = setInterval(() => utimesSync(FILE, new Date(), new Date()), SIGN_OF_LIFE_MS);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(signs);
    process.off('exit', release);
    release();
  }
}

function tryLock() {
  try {
    const file = openSync(FILE, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function breakIfDead() {
  const owner = readOwner();
  const silentMs = Date.now() - (statSync(FILE, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  const isDead = silentMs > DEAD_AFTER_MS || (owner !== undefined && !isAlive(owner));
  // Another may have broken the lock and taken it meanwhile.
  if (!isDead || readOwner() !== owner) return false;
  rmSync(FILE, { force: true });
  return true;
}

function readOwner() {
  try {
    const pid = Number(readFileSync(FILE, 'utf8'));
    // Empty for the moment between its making and its writing.
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
