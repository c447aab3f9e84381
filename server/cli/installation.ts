import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where this copy of Roomplex lies and what it is; the same whether it runs built or from its sources. */
export interface Installation {
  readonly version: string;
  /** Folder of the built web app; may not be there yet. */
  readonly webRoot: string;
}

/** Looks from this file upwards for the package it belongs to. */
export function findInstallation(): Installation {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { version, webRoot: join(folder, 'dist', 'web') };
}
