import { accessSync, constants, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** Path of a Chromium to test with: `ROOMPLEX_CHROMIUM`, the system's, or Playwright's own download. */
export function findChromium() {
  const named = process.env.ROOMPLEX_CHROMIUM;
  if (named) {
    if (!isProgram(named)) throw new Error(`ROOMPLEX_CHROMIUM names ${named}, which is no program.`);
    return named;
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const installed = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...installed, ...PLACES, ...downloaded()].find(isProgram);
}

/** Chromium's sandbox refuses to work for root, as in most containers. */
export const chromiumArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

function downloaded() {
  const require = createRequire(import.meta.url);
  try {
    return [require('playwright-core').chromium.executablePath()];
  } catch {
    // Dependencies are not installed yet.
    return [];
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
