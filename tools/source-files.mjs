import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { inRoot, root } from './root.mjs';

const FOLDERS = ['protocol', 'client', 'server', 'compat', 'web', 'e2e', 'bench', 'soak', 'tools'];

/** Every TypeScript source of the repository, relative to it. */
export function typeScriptSources() {
  const inFolders = FOLDERS.flatMap((folder) =>
    readdirSync(inRoot(folder), { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  return [...inFolders, ...readdirSync(root)].filter((file) => file.endsWith('.ts')).sort();
}
