import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { ensureBuild } from './builds.mjs';
import { runLintCanary } from './lint-canary.mjs';
import { tryRemovals } from './removable-gateways.mjs';
import { cache, inRoot, root } from './root.mjs';
import { runNode } from './run-program.mjs';
import { typeScriptSources } from './source-files.mjs';

const OXFMT = inRoot('node_modules/oxfmt/bin/oxfmt');
const OXLINT = inRoot('node_modules/oxlint/bin/oxlint');
const TSC = inRoot('node_modules/typescript/bin/tsc');
const KNIP = inRoot('node_modules/knip/bin/knip.js');
const TSX = inRoot('node_modules/tsx/dist/cli.mjs');
const VITEST = inRoot('node_modules/vitest/vitest.mjs');
const PLAYWRIGHT = inRoot('node_modules/@playwright/test/cli.js');

/**
 * The checks in the order in which they run; those in a list run side by side, for one waits where another counts.
 * Each answers with `{ passed, failed, skipped }`, `output`, what it has to say in any case, and `report`, what to
 * print of a failure. A check that finds nothing to look at fails: nothing is easier to pass.
 */
export const CHECKS = [
  { name: 'format', run: checkFormat },
  { name: 'lint', run: checkLint },
  { name: 'lint canary', run: checkLintCanary },
  { name: 'types', run: checkTypes },
  { name: 'removable gateways', run: checkRemovals },
  { name: 'unused code', run: checkUnused },
  { name: 'build', run: checkBuild },
  [
    { name: 'unit and integration tests', run: () => runVitest(['unit', 'web'], 3) },
    { name: 'proof by force', run: runSoak },
  ],
  { name: 'through proxies', run: () => runVitest(['proxies'], 2) },
  { name: 'browser tests', run: runPlaywright },
];

async function checkFormat() {
  const { code, output } = await runNode([OXFMT, '--check'], { allowFailure: true });
  const [, files = '0'] = / on (\d+) files/.exec(output) ?? [];
  if (Number(files) < typeScriptSources().length)
    return failure(`oxfmt looked at ${files} files only.\n${output}`);
  return code === 0 ? success() : failure(`${output}\nRun npx oxfmt to format them.`);
}

async function checkLint() {
  const { stdout } = await runNode([OXLINT, '--type-aware', '--format=json'], { allowFailure: true });
  const { diagnostics, number_of_files: files } = parseJson(stdout, 'oxlint');
  const sources = typeScriptSources().length;
  if (files < sources) return failure(`oxlint looked at ${files} of at least ${sources} files.`);
  if (diagnostics.length === 0) return success();
  return failure(
    diagnostics
      .map(({ filename, code, message, labels }) => {
        const { line = 0, column = 0 } = labels[0]?.span ?? {};
        return `${filename}:${line}:${column} ${code}: ${message}`;
      })
      .join('\n'),
  );
}

async function checkLintCanary() {
  return summary(await runLintCanary());
}

async function checkRemovals() {
  return summary(await tryRemovals());
}

function summary(results) {
  const failures = results.filter((result) => result.failure !== undefined);
  return {
    passed: results.length - failures.length,
    failed: failures.length,
    report: failures.map((result) => result.failure).join('\n'),
  };
}

/** One check per project, and one that no source is in none. */
async function checkTypes() {
  const { code, output } = await runNode([TSC, '-b', '--pretty', 'false'], { allowFailure: true });
  if (code !== 0) return failure(output);
  const { references } = JSON.parse(readFileSync(inRoot('tsconfig.json'), 'utf8'));
  const projects = references.map(({ path }) => path);
  const lists = await Promise.all(
    projects.map((project) => runNode([TSC, '-p', project, '--listFilesOnly'])),
  );
  const checked = new Set(lists.flatMap((list) => list.stdout.split('\n').map(relativeSource)));
  const missed = typeScriptSources().filter((file) => !checked.has(file));
  if (missed.length > 0) return failure(`In no tsconfig, so never checked:\n${missed.join('\n')}`);
  return { passed: projects.length + 1, failed: 0 };
}

function relativeSource(line) {
  return relative(root, line.trim()).split(sep).join('/');
}

async function checkUnused() {
  const { code, output } = await runNode([KNIP, '--no-progress'], { allowFailure: true });
  return code === 0 ? success() : failure(output);
}

/** One check per part, and one that the package can be used by its name. */
async function checkBuild() {
  const parts = await ensureBuild();
  const use = `
    import { createServer } from 'roomplex';
    import { connect } from 'roomplex/client';
    import { connect as connectInBrowser } from './dist/browser/roomplex.js';
    import { RoomServer } from 'roomplex/sockjs-rooms';
    import { createRequire } from 'node:module';
    const required = createRequire(import.meta.url)('roomplex/sockjs-rooms');
    const doors = [createServer, connect, connectInBrowser, RoomServer, required, required.server, required.client];
    for (const door of doors) if (typeof door !== 'function') process.exit(1);
  `;
  const { code, output } = await runNode(['--input-type=module', '--eval', use], { allowFailure: true });
  return code === 0
    ? { passed: parts + 1, failed: 0 }
    : failure(`The built package cannot be imported.\n${output}`);
}

/** `workers`: most tests wait for sockets, disks and other processes, so there may be more than processors. */
function runVitest(projects, workers) {
  const reporters = ['--reporter=default', `--reporter=${inRoot('tools/reporters/vitest-tally.mjs')}`];
  const chosen = projects.map((name) => `--project=${name}`);
  return runTests('vitest', [VITEST, 'run', ...chosen, `--maxWorkers=${workers}`, ...reporters]);
}

/** Its lines would get between those of what runs beside it. */
function runSoak() {
  return runTests('soak', [TSX, inRoot('soak/run.ts'), '--brief'], { inherit: false });
}

function runPlaywright() {
  return runTests('playwright', [
    PLAYWRIGHT,
    'test',
    `--reporter=list,${inRoot('tools/reporters/playwright-tally.mjs')}`,
  ]);
}

/** The runner shows its own failures, at once or when it is through; its tally is read from a file. */
async function runTests(name, args, { inherit = true } = {}) {
  const file = cache(`tally-${name}.json`);
  rmSync(file, { force: true });
  const { code, output } = await runNode(args, {
    inherit,
    allowFailure: true,
    env: { ROOMPLEX_TALLY: file },
  });
  if (!existsSync(file))
    return { ...failure(`The test runner ended with exit code ${code} and left no tally.`), output };
  const tally = { ...JSON.parse(readFileSync(file, 'utf8')), output };
  if (tally.passed + tally.failed === 0) return failure('No test ran.');
  if (code !== 0 && tally.failed === 0)
    return { ...tally, failed: 1, report: `The test runner ended with exit code ${code}.` };
  return tally;
}

function parseJson(output, program) {
  try {
    return JSON.parse(output);
  } catch (error) {
    throw new Error(`${program} said: ${output}`, { cause: error });
  }
}

function success() {
  return { passed: 1, failed: 0 };
}

function failure(report) {
  return { passed: 0, failed: 1, report };
}
