import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RequestHandler } from 'express';

/**
 * A page for addresses of any depth. What it names relative to `<base href="/">` is found also where a proxy has us
 * below a path of its own, of which we learn nothing: only the way up from the address asked for is certain.
 */
export function pageFile(root: string, name: string): RequestHandler {
  const path = join(root, name);
  return async (request, response, next) => {
    const page = await readFile(path, 'utf8').catch(() => undefined);
    if (page === undefined) {
      next();
      return;
    }
    const up = '../'.repeat(request.path.split('/').length - 2);
    response.set('Cache-Control', 'no-cache').type('html');
    response.send(page.replace('<base href="/"', `<base href="${up === '' ? './' : up}"`));
  };
}
