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
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { say } from './progress.mjs';
import { cache } from './root.mjs';

const RETRY_MS = 200;
const SIGN_OF_LIFE_MS = 1000;
/** A process number may be given to another program, so a lock must also show signs of life. */
const DEAD_AFTER_MS = 20_000;

/** Runs `work` while no other tool of this repository installs or builds; waits for its turn. */
export async function withLock(work, file = cache('tools.lock')) {
  mkdirSync(dirname(file), { recursive: true });
  let told = false;
  while (!tryLock(file)) {
    if (breakIfDead(file)) continue;
    if (!told)
      say(
        `… waiting for another start or test to finish its build (process ${readOwner(file) ?? 'unknown'})`,
      );
    told = true;
    await wait(RETRY_MS);
  }
  const release = () => {
    if (readOwner(file) === process.pid) rmSync(file, { force: true });
  };
  const signs = setInterval(() => utimesSync(file, new Date(), new Date()), SIGN_OF_LIFE_MS);
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(signs);
    process.off('exit', release);
    release();
  }
}

function tryLock(file) {
  try {
    const opened = openSync(file, 'wx');
    writeSync(opened, String(process.pid));
    closeSync(opened);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function breakIfDead(file) {
  const owner = readOwner(file);
  const silentMs = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  const isDead = silentMs > DEAD_AFTER_MS || (owner !== undefined && !isAlive(owner));
  // Another may have broken the lock and taken it meanwhile.
  if (!isDead || readOwner(file) !== owner) return false;
  rmSync(file, { force: true });
  return true;
}

function readOwner(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
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
