import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A controller could not be loaded. The message is for people, and says where the fault is as far as that is known. */
export class ServiceLoadError extends Error {
  override readonly name = 'ServiceLoadError';
}

/** Says what is wrong with a file of a folder: `services/chat.js:3: Unexpected token '}'.` */
export async function describeFault(
  error: unknown,
  {
    folder,
    shownFolder,
    file,
  }: { readonly folder: string; readonly shownFolder: string; readonly file: string },
): Promise<ServiceLoadError> {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place =
    findPlace(stack, folder) ??
    (error instanceof SyntaxError ? await findMistake(join(folder, file), folder) : undefined);
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const where = place === undefined ? file : `${place.file}:${place.line}`;
  return new ServiceLoadError(`${join(shownFolder, where)}: ${reason.replace(/\.$/, '')}.`, { cause: error });
}

interface Place {
  readonly file: string;
  readonly line: string;
}

/** The first place in a stack that is in the folder. */
function findPlace(stack: string, folder: string): Place | undefined {
  for (const start of [pathToFileURL(folder).href, folder]) {
    const [, file, line] = new RegExp(`${escape(start)}[\\\\/]([^\\n:?]*)[^\\n:]*:(\\d+)`).exec(stack) ?? [];
    if (file !== undefined && line !== undefined) return { file: safeDecode(file), line };
  }
  return undefined;
}

/** Only a module's place is a URL; a script's is a path, in which a percent sign is one. */
function safeDecode(file: string): string {
  try {
    return decodeURI(file);
  } catch {
    return file;
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/**
 * Where Node sees the mistake: an error of `import()` does not tell. It is in the module itself or in one that it
 * imports, and either way it keeps all of them from running once more.
 */
async function findMistake(file: string, folder: string): Promise<Place | undefined> {
  const load = `await import(${JSON.stringify(pathToFileURL(file).href)})`;
  return (
    findPlace(await complaintOf(['--check', file]), folder) ??
    findPlace(await complaintOf(['--input-type=module', '--eval', load]), folder)
  );
}

async function complaintOf(nodeArguments: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, nodeArguments, { timeout: 10_000 }, (_error, _stdout, stderr) =>
      resolve(stderr),
    );
  });
}
