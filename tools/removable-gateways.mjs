/**
 * Proves that a gateway is one folder and its place in the composition root: for each folder under
 * server/gateways, a copy of the server without it, and without what the composition root and the package's
 * door say of it, must still compile. Without any of them, the tests that are left must pass.
 */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { cache, inRoot } from './root.mjs';
import { runNode } from './run-program.mjs';

/** Topics and registered channels are the server library's own vocabulary; it cannot be had without them. */
const FIXED = new Set(['multiplex']);
/** What the tests of all others come through the door of, or start from. */
const GROUND = new Set(['rooms', 'echo', 'overview']);
/** What the server is compiled with. */
const SURROUNDINGS = ['package.json', 'tsconfig.base.json', 'protocol', 'client', 'doctor'];
/** What the tests of the server are run with. */
const STAGE = ['vitest.config.ts', 'examples', 'compat', 'tools'];
/** Breaks frames for minutes, of whatever gateways there are. */
const FUZZER = 'server/test/fuzz.test.ts';
/** Files that may speak of a gateway by name. */
const ROOTS = ['server/create-server.ts', 'server/index.ts'];

/** One result per folder, and one for the tests: `{ failure }` says what keeps a gateway from being taken out. */
export async function tryRemovals() {
  const folders = readdirSync(inRoot('server/gateways'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !FIXED.has(entry.name))
    .map((entry) => entry.name);
  const copy = cache('removable-gateways');
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const part of [...SURROUNDINGS, ...STAGE]) cpSync(inRoot(part), join(copy, part), { recursive: true });
  symlinkSync(inRoot('node_modules'), join(copy, 'node_modules'), 'dir');
  const results = [];
  for (const folder of folders) results.push(await tryRemoval(copy, folder));
  results.push(
    await tryTests(
      copy,
      folders.filter((folder) => !GROUND.has(folder)),
    ),
  );
  rmSync(copy, { recursive: true, force: true });
  return results;
}

async function tryRemoval(copy, folder) {
  takeOut(copy, [folder]);
  const tsc = inRoot('node_modules/typescript/bin/tsc');
  const { code, output } = await runNode([tsc, '-b', '--pretty', 'false', 'server'], {
    cwd: copy,
    allowFailure: true,
  });
  return code === 0 ? {} : { failure: `Without server/gateways/${folder}:\n${output}` };
}

/** Runs what could miss one of these gateways: the tests that name one of its paths, or go through all there are. */
async function tryTests(copy, folders) {
  takeOut(copy, folders);
  const paths = new RegExp(`['"\`/,](?:${folders.flatMap(pathsOf).join('|')})\\b`);
  const files = ['server', 'tools'].flatMap((part) =>
    readdirSync(join(copy, part), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => `${part}/${file.split(sep).join('/')}`)
      .filter((file) => file !== FUZZER && reaches(readFileSync(join(copy, file), 'utf8'))),
  );
  function reaches(text) {
    return paths.test(text) || text.includes('/gateways/*/') || text.includes('roomplex.paths');
  }
  if (files.length === 0) return { failure: 'No test goes through all gateways.' };
  const vitest = inRoot('node_modules/vitest/vitest.mjs');
  const { code, output } = await runNode([vitest, 'run', '--project=unit', ...files], {
    cwd: copy,
    allowFailure: true,
  });
  return code === 0 ? {} : { failure: `Tests without ${folders.join(', ')}:\n${output}` };
}

/** The paths at which a gateway answers, as its conversations have them. */
function pathsOf(folder) {
  const at = inRoot(`server/gateways/${folder}`);
  return readdirSync(at)
    .filter((file) => file.endsWith('.conversation.ts'))
    .flatMap((file) => [...readFileSync(join(at, file), 'utf8').matchAll(/gateway: '([^']+)'/g)])
    .map(([, path]) => path);
}

/** Makes the copy anew, without these gateways. */
function takeOut(copy, folders) {
  for (const part of ['server', 'dist/server']) rmSync(join(copy, part), { recursive: true, force: true });
  cpSync(inRoot('server'), join(copy, 'server'), { recursive: true });
  for (const folder of folders) {
    rmSync(join(copy, 'server/gateways', folder), { recursive: true });
    for (const file of ROOTS) {
      const path = join(copy, file);
      writeFileSync(path, withoutGateway(readFileSync(path, 'utf8'), folder));
    }
  }
}

/** The source without its imports from a gateway's folder and without what it constructs from there. */
function withoutGateway(source, folder) {
  const names = [];
  const statement = new RegExp(
    String.raw`^(?:import|export) (?:type )?\{([^}]*)\} from '\./gateways/${folder}/[^']*';\n`,
    'gm',
  );
  let rest = source.replace(statement, (_all, list) => {
    names.push(...list.split(',').map((name) => name.replace(/^\s*type /, '').trim()));
    return '';
  });
  for (const name of names.filter((name) => name !== '')) rest = withoutConstructions(rest, name);
  return rest;
}

/** Takes out every line, or run of lines up to the closing bracket, that makes a `new NAME(…)`. */
function withoutConstructions(source, name) {
  const lines = source.split('\n');
  const kept = [];
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at].includes(`new ${name}(`)) {
      kept.push(lines[at]);
      continue;
    }
    const indent = /^ */.exec(lines[at])[0];
    const closes = (line) => line.startsWith(`${indent})`) || line.startsWith(`${indent}}`);
    if (/[({[]$/.test(lines[at])) while (!closes(lines[++at]));
  }
  return kept.join('\n');
}
