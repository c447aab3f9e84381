import { readdir, stat } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Logger, silentLogger } from '../log.ts';
import type { SessionsDefinition } from './controller.ts';
import { describeFault, ServiceLoadError } from './load-error.ts';
import { loadScript } from './load-script.ts';
import { isServiceName } from './service-name.ts';
import { defineSessions, isSessions, type Sessions } from './sessions.ts';

export { ServiceLoadError };

/**
 * Loads the session controllers of a folder, for `createServer`'s option `services`: `chat.js` or `chat.cjs`, a
 * script as the original platform knows them, or `chat.mjs`, a module that exports `get` and `webSocketEvent` or
 * has what `defineSessions()` made as its default. Folders and other files are left alone.
 *
 * @param log Where scripts write to, and what is odd is told. Nowhere unless given.
 * @param patienceMs How long a module may take until it is there, in ms. Default 30000.
 * @throws ServiceLoadError when the folder cannot be read or a file is no controller.
 */
export async function loadServices(
  folder: string | URL,
  { log = silentLogger, patienceMs = 30_000 }: { readonly log?: Logger; readonly patienceMs?: number } = {},
): Promise<Map<string, Sessions>> {
  const shownFolder = folder instanceof URL ? fileURLToPath(folder) : folder;
  const path = resolve(shownFolder);
  const services = new Map<string, Sessions>();
  for (const [service, file] of serviceFiles(await listFiles(path, shownFolder), shownFolder)) {
    const sessions = await load(join(path, file), service, { log, patienceMs }).catch(
      async (error: unknown) => {
        throw await describeFault(error, { folder: path, shownFolder, file });
      },
    );
    const { get, all } = sessions.definition;
    if (get === undefined && all === undefined) {
      log.warn('a service exports neither get nor all, so nobody can open a session', { service });
    }
    services.set(service, sessions);
  }
  if (services.size === 0) log.warn('there are no services in the folder', { folder: shownFolder });
  return services;
}

const KINDS = ['.js', '.cjs', '.mjs'];

/** The names of the files that may be controllers, in order. */
async function listFiles(path: string, shownFolder: string): Promise<string[]> {
  try {
    const names = (await readdir(path)).filter(
      (name) => KINDS.includes(extname(name)) && !name.startsWith('.'),
    );
    // What cannot be looked at, such as a link to nothing, stays: loading it says what is wrong.
    const areFiles = await Promise.all(
      names.map(async (name) =>
        stat(join(path, name)).then(
          (stats) => stats.isFile(),
          () => true,
        ),
      ),
    );
    return names.filter((_, index) => areFiles[index]).sort();
  } catch (error) {
    throw new ServiceLoadError(`Cannot read the services in ${shownFolder}: ${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

function serviceFiles(files: readonly string[], shownFolder: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const file of files) {
    const name = file.slice(0, -extname(file).length);
    const other = found.get(name);
    const shown = join(shownFolder, file);
    if (!isServiceName(name)) {
      const rule = 'letters, digits, -, _, . and ~ make a name, 64 at most';
      throw new ServiceLoadError(`${shown}: ${JSON.stringify(name)} cannot name a service: ${rule}.`);
    }
    if (other !== undefined) {
      throw new ServiceLoadError(`${shown}: the service ${name} is in ${other} already.`);
    }
    found.set(name, file);
  }
  return found;
}

async function load(
  file: string,
  service: string,
  { log, patienceMs }: { readonly log: Logger; readonly patienceMs: number },
): Promise<Sessions> {
  if (extname(file) !== '.mjs') return loadScript(file, service, log);
  const module = await importInTime(pathToFileURL(file).href, patienceMs);
  const { default: main } = module;
  if (isSessions(main)) return main;
  if (main !== undefined) throw new TypeError('the default export must be what defineSessions() makes');
  return defineSessions(module as unknown as SessionsDefinition);
}

/** A module may wait for something that never comes, and then Node would end without a word. */
async function importInTime(href: string, patienceMs: number): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const fail = (): void => reject(new Error(`it was not there after ${patienceMs / 1000} s`));
    timer = setTimeout(fail, patienceMs);
  });
  try {
    return (await Promise.race([import(href), late])) as Record<string, unknown>;
  } finally {
    clearTimeout(timer);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such folder';
  if (code === 'ENOTDIR') return 'it is no folder';
  if (code === 'EACCES') return 'it may not be read by this user';
  return error instanceof Error ? error.message : String(error);
}
