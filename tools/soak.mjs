/** `npm run soak`: builds what is missing or stale, then kills, cuts and starves the server, and looks for every message. */
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './builds.mjs';
import { prepare } from './prepare.mjs';
import { inRoot } from './root.mjs';

if (await prepare({ also: ensureBuild })) {
  const tsx = inRoot('node_modules', 'tsx', 'dist', 'cli.mjs');
  process.argv = [process.execPath, tsx, inRoot('soak', 'run.ts'), ...process.argv.slice(2)];
  await import(pathToFileURL(tsx).href);
}
