/** `npm start`: installs and builds what is missing or stale, then becomes the server. */
import { ensureBuild } from './builds.mjs';
import { prepare } from './prepare.mjs';
import { inRoot, root } from './root.mjs';
import { relative } from 'node:path';
import { pathToFileURL } from 'node:url';

if (await prepare({ also: ensureBuild })) {
  goWhereTheUserIs();
  const cli = inRoot('dist', 'server', 'cli.js');
  process.argv = [process.execPath, cli, ...process.argv.slice(2)];
  await import(pathToFileURL(cli).href);
}

/** `npm --prefix` moves to the repository; files named on the command line are meant from where it was typed. */
function goWhereTheUserIs() {
  const typedIn = process.env.INIT_CWD;
  if (typedIn === undefined || process.cwd() !== root) return;
  const isOutside = relative(root, typedIn).startsWith('..');
  if (!isOutside) return;
  try {
    process.chdir(typedIn);
  } catch {
    // The folder is gone; the repository will do.
  }
}
