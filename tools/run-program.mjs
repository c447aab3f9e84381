import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/** A program ended with an exit code other than 0, or could not be started. */
export class ProgramFailed extends Error {
  constructor(program, reason, output) {
    super(`${program} ${reason}`);
    this.output = output;
  }
}

const running = new Set();

/**
 * Runs a program, in the repository unless told otherwise. Resolves with `{ code, stdout, output }`, `output`
 * being what it wrote to either; an exit code other than 0 is a {@link ProgramFailed} unless `allowFailure`.
 * With `show` the output goes to stderr as it comes, with `inherit` it is the program's own affair.
 */
export function runProgram(command, args, options = {}) {
  const { cwd = root, show = false, inherit = false, allowFailure = false, env = {} } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...childEnvironment(), ...env },
      stdio: inherit ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let stdout = '';
    let output = '';
    const take = (chunk) => {
      output += chunk;
      if (show) process.stderr.write(chunk);
    };
    child.stdout?.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
      take(chunk);
    });
    child.stderr?.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      running.delete(child);
      reject(new ProgramFailed(command, `could not be started: ${error.message}`, output));
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      const isFine = code === 0 || (allowFailure && code !== null);
      if (isFine) resolve({ code, stdout, output });
      else
        reject(
          new ProgramFailed(
            [command, ...args].join(' '),
            `ended with ${signal ?? `exit code ${code}`}`,
            output,
          ),
        );
    });
  });
}

/** Runs a JavaScript file with this Node. */
export function runNode(args, options) {
  return runProgram(process.execPath, args, options);
}

/** Ends what still runs; for a signal handler. */
export function endPrograms(signal) {
  for (const child of running) child.kill(signal);
}

/** npm hands its own settings down to scripts, `--prefix` among them, and they must not reach the npm we start. */
function childEnvironment() {
  const isScoped = (name) => /^npm_(?:config_prefix$|config_local_prefix$|lifecycle_|package_)/i.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isScoped(name)));
}
