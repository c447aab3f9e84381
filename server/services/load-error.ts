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
    (error instanceof SyntaxError ? findPlace(await check(join(folder, file)), folder) : undefined);
  const [reason = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const where = place === undefined ? file : `${place.file}:${place.line}`;
  return new ServiceLoadError(`${join(shownFolder, where)}: ${reason.replace(/\.$/, '')}.`, { cause: error });
}

/** The first place in a stack that is in the folder. */
function findPlace(
  stack: string,
  folder: string,
): { readonly file: string; readonly line: string } | undefined {
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

/** What Node says of a module's syntax: an error of `import()` does not tell the line. */
async function check(file: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: 10_000 }, (_error, _stdout, stderr) =>
      resolve(stderr),
    );
  });
}
