import { ensureDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { say } from './progress.mjs';
import { ProgramFailed, endPrograms } from './run-program.mjs';

const OLDEST_NODE = [20, 19];

/**
 * Brings dependencies up to date and does what else is asked, while no other tool does the same. False, with
 * the exit code set and the reason told, when that failed.
 */
export async function prepare({ also = async () => {} } = {}) {
  if (!isNodeNewEnough()) {
    say(`Roomplex needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
    process.exitCode = 1;
    return false;
  }
  const stopListening = endWithSignal();
  try {
    await withLock(async () => {
      await ensureDependencies();
      await also();
    });
    return true;
  } catch (error) {
    explain(error);
    process.exitCode = 1;
    return false;
  } finally {
    stopListening();
  }
}

/** Tells why a step failed, with what its program said. */
export function explain(error) {
  if (error instanceof ProgramFailed) say(`${error.output.trimEnd()}\n${error.message}`);
  else say(error.code === undefined ? String(error.stack ?? error) : error.message);
}

function isNodeNewEnough() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
}

/** Nothing runs on when the user gives up. */
function endWithSignal() {
  const handlers = { SIGINT: 130, SIGTERM: 143 };
  const listeners = Object.entries(handlers).map(([signal, code]) => {
    const listener = () => {
      endPrograms(signal);
      process.exit(code);
    };
    process.on(signal, listener);
    return [signal, listener];
  });
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}
