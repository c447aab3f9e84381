import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { say, step } from './progress.mjs';
import { inRoot } from './root.mjs';
import { ProgramFailed, runNode, runProgram } from './run-program.mjs';

const LOCK_FILE = inRoot('package-lock.json');
const STAMP = inRoot('node_modules', '.roomplex-stamp');
/** npm's own list of what it put into node_modules. */
const INSTALLED = inRoot('node_modules', '.package-lock.json');

/** Installs what package-lock.json asks for, unless that is what is there. */
export async function ensureDependencies() {
  const wanted = stampOf(readFileSync(LOCK_FILE));
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  // Somebody may have run npm by hand.
  if (!isInstalled()) {
    say('… installing dependencies');
    await step('dependencies installed', install);
  }
  writeFileSync(STAMP, wanted);
}

/** Native parts differ from one platform to the next, and a folder may be shared between two. */
function stampOf(lockFile) {
  const hash = createHash('sha256').update(lockFile).digest('hex');
  return `${hash} ${process.platform} ${process.arch}\n`;
}

function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const wanted = JSON.parse(readFileSync(LOCK_FILE, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional, peer }]) => {
    const found = installed[path];
    return path === '' || (found === undefined ? optional || peer : found.version === version);
  });
}

/** NODE_ENV=production would leave out the tools that build. */
async function install() {
  const args = ['--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  try {
    await npm(['ci', ...args]);
  } catch (error) {
    // Where a registry lacks the builds of a tool for other systems, `npm ci` finds the lock file wanting.
    if (!(error instanceof ProgramFailed && error.output.includes('EUSAGE'))) throw error;
    await npm(['install', '--no-save', ...args]);
  }
}

function npm(args) {
  const program = process.env.npm_execpath;
  const options = { env: { NODE_ENV: 'development' } };
  return program?.endsWith('.js') ? runNode([program, ...args], options) : runProgram('npm', args, options);
}
