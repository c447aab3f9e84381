import { existsSync } from 'node:fs';
import { findChromium } from './chromium.mjs';
import { say, step } from './progress.mjs';
import { inRoot } from './root.mjs';
import { ProgramFailed, runNode, runProgram } from './run-program.mjs';

/** Finds a Chromium or installs one: from the system's packages where we may, else with Playwright's installer. */
export async function ensureChromium() {
  if (findChromium() !== undefined) return;
  say('… installing Chromium');
  await step('Chromium installed', async () => {
    const isInstalled = isDebianRoot() && (await installPackage());
    if (!isInstalled)
      await runNode([inRoot('node_modules/@playwright/test/cli.js'), 'install', 'chromium'], {
        inherit: true,
      });
    if (findChromium() === undefined) throw new Error('Chromium was installed, but is not to be found.');
  });
}

function isDebianRoot() {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version');
}

/** False when the system's packages have none that runs; Ubuntu's, for one, is a stub. */
async function installPackage() {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await runProgram('apt-get', ['update', '-qq'], { show: true, env });
    await runProgram('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], {
      show: true,
      env,
    });
    await runProgram(findChromium() ?? 'chromium', ['--version']);
    return true;
  } catch (error) {
    if (!(error instanceof ProgramFailed)) throw error;
    say(error.message);
    return false;
  }
}
