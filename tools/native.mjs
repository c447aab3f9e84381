import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inRoot } from './root.mjs';
import { runProgram } from './run-program.mjs';

/** Where the addon is made of `server/transports/native/send-to-all.c`. */
export const NATIVE_FOLDER = 'dist/native';
export const ADDON_FILE = `${NATIVE_FOLDER}/send-to-all.node`;

/** Whether there is a C compiler here that knows Node's headers. */
export function canCompile() {
  if (process.platform === 'win32') return false;
  const headers = findHeaders();
  if (headers === undefined) return false;
  const includes = '#include <node_api.h>\n#include <sys/socket.h>\n';
  const attempt = ['-fsyntax-only', '-x', 'c', '-I', headers, '-'];
  return spawnSync('cc', attempt, { input: includes, stdio: ['pipe', 'ignore', 'ignore'] }).status === 0;
}

/** Makes the addon. */
export async function compileAddon(file = inRoot(ADDON_FILE)) {
  mkdirSync(dirname(file), { recursive: true });
  const link = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const source = inRoot('server/transports/native/send-to-all.c');
  await runProgram('cc', [
    ...link,
    '-fPIC',
    '-O2',
    '-Wall',
    '-Wextra',
    '-I',
    findHeaders(),
    '-o',
    file,
    source,
  ]);
}

/** Beside this Node, as its archives have them, or where npm was told to look. */
function findHeaders() {
  return [dirname(dirname(process.execPath)), process.env.npm_config_nodedir]
    .filter((root) => root !== undefined)
    .map((root) => join(root, 'include', 'node'))
    .find((folder) => existsSync(join(folder, 'node_api.h')));
}
