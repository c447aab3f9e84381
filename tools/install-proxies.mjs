import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { say, step } from './progress.mjs';
import { PROXIES, findProxy } from './proxies.mjs';
import { ProgramFailed, runProgram } from './run-program.mjs';

/** Debian asks this program whether a service may be started; 101 means no. */
const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs the proxies that tests go through, where the system's packages may be used. None of them becomes a
 * service. Where that cannot be, says what to install: the tests that need them are skipped with a word on it.
 */
export async function ensureProxies() {
  const missing = PROXIES.filter((name) => findProxy(name) === undefined);
  if (missing.length === 0) return;
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (isDebianRoot) {
    say(`… installing ${missing.join(', ')}`);
    await step('proxies installed', () => install(missing)).catch(explain);
  }
  const absent = PROXIES.filter((name) => findProxy(name) === undefined);
  if (absent.length > 0)
    say(
      `Not installed: ${absent.join(', ')}. Tests that go through them are skipped; install ${absent.length > 1 ? 'them' : 'it'} from your system's packages.`,
    );
}

async function install(names) {
  await withoutServices(async () => {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...names);
  });
  // Packages arrange for a start with the machine, which nobody asked for. Without systemd there is nothing to undo.
  await runProgram('systemctl', ['disable', '--quiet', ...names], { allowFailure: true }).catch(
    () => undefined,
  );
}

function apt(...args) {
  return runProgram('apt-get', ['-qq', ...args], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

/** Where a policy is in force already, as in containers, it is the machine's own and stays. */
async function withoutServices(work) {
  if (existsSync(POLICY)) return work();
  const remove = () => rmSync(POLICY, { force: true });
  // Somebody may give up in the middle.
  process.once('exit', remove);
  writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** Tests can do without. */
function explain(error) {
  if (!(error instanceof ProgramFailed)) throw error;
  say(`${error.output.trimEnd()}\n${error.message}`);
}
