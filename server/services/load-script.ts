import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { compileFunction, constants } from 'node:vm';
import type { Logger } from '../log.ts';
import type { SessionsDefinition } from './controller.ts';
import { scriptLog } from './script-log.ts';
import { MountableLibrary, type SessionLibrary } from './session-library.ts';
import { bindSessions, libraryFunctions, type Sessions } from './sessions.ts';

/**
 * Runs a controller that is a CommonJS script as the original platform knows them (S3, seed), whatever the
 * nearest `package.json` says of its kind: with `log`, and with `require('/lib/xp/websocket')` for its library.
 */
export async function loadScript(file: string, service: string, log: Logger): Promise<Sessions> {
  const source = await readFile(file, 'utf8');
  const library = new MountableLibrary();
  const module: { exports: unknown } = { exports: {} };
  const globals = {
    exports: module.exports,
    module,
    require: scriptRequire(file, libraryFunctions(library)),
    log: scriptLog(log, service),
    __filename: file,
    __dirname: dirname(file),
  };
  const run = compileFunction(source.replace(HASHBANG, '//$&'), Object.keys(globals), {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (...values: readonly unknown[]) => void;
  run.call(module.exports, ...Object.values(globals));
  return bindSessions(module.exports as SessionsDefinition, library);
}

const HASHBANG = /^\uFEFF?#!/;
const LIBRARY = '/lib/xp/websocket';

function scriptRequire(file: string, library: SessionLibrary): (name: string) => unknown {
  const require = createRequire(file);
  return (name) => {
    if (name === LIBRARY) return library;
    try {
      return require(name);
    } catch (error) {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
      if (!isMissing || !name.startsWith('/lib/')) throw error;
      throw new Error(`there is no library ${name} here, only ${LIBRARY}`, { cause: error });
    }
  };
}
