import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The proxies that tests are run through, named as their programs and their Debian packages. */
export const PROXIES = ['nginx', 'haproxy', 'squid', 'tinyproxy', 'caddy'];

/** Where servers are kept that ordinary users have no business with. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/opt/homebrew/bin', '/usr/local/bin'];

/** Path of a proxy's program; undefined when it is not installed. */
export function findProxy(name) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
