/** `npm run dev`: the server, started anew whenever its sources change, and Vite with hot reload, on one port. */
import { pathToFileURL } from 'node:url';
import { prepare } from './prepare.mjs';
import { inRoot } from './root.mjs';

if (await prepare()) {
  const tsx = inRoot('node_modules', 'tsx', 'dist', 'cli.mjs');
  const watch = ['watch', '--clear-screen=false', inRoot('tools', 'dev-server.mjs')];
  process.argv = [process.execPath, tsx, ...watch, ...process.argv.slice(2)];
  await import(pathToFileURL(tsx).href);
}
