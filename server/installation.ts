import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this copy of Roomplex lies and what it is; the same whether it runs built or from its sources. */
export interface Installation {
  readonly version: string;
  /** Folder of the built web app; may not be there yet. */
  readonly webRoot: string;
  /** Folder of the built client library; may not be there yet. */
  readonly clientRoot: string;
  /** Folder of the native addon; it is there only where it could be built. */
  readonly nativeRoot: string;
  /** Folder of the stock client's own build, `sockjs.min.js`. */
  readonly stockClientRoot: string;
  /** Folder of the builds of the stock Socket.IO client, `socket.io.js` and others. */
  readonly socketIOClientRoot: string;
}

/** Looks from this file upwards for the package it belongs to. */
export function findInstallation(): Installation {
  const require = createRequire(import.meta.url);
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return {
    version,
    webRoot: join(folder, 'dist', 'web'),
    clientRoot: join(folder, 'dist', 'browser'),
    nativeRoot: join(folder, 'dist', 'native'),
    stockClientRoot: dirname(require.resolve('sockjs-client/dist/sockjs.min.js')),
    socketIOClientRoot: join(dirname(require.resolve('socket.io/package.json')), 'client-dist'),
  };
}
