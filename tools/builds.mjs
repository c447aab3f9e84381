import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ADDON_FILE, NATIVE_FOLDER, canCompile, compileAddon } from './native.mjs';
import { say, step } from './progress.mjs';
import { cache, inRoot, root } from './root.mjs';
import { runNode } from './run-program.mjs';

/** Tests are no part of what is built. */
const NO_SOURCE = /\.(?:test|contract|conversation)\.[cm]?[jt]s$|(?:^|\/)(?:\.|node_modules(?:\/|$))/;
const EVERY_BUILD = ['package-lock.json', 'tsconfig.base.json'];

/**
 * What is built, from what, and what must be there afterwards. What `isPossible` denies is left out: the product does
 * without it.
 */
const BUILDS = [
  {
    name: 'server and client compiled',
    stamp: 'compile',
    from: ['protocol', 'client', 'doctor', 'server', 'compat', 'package.json'],
    proof: ['dist/server/cli.js', 'dist/client/index.js', 'dist/compat/sockjs-rooms.js'],
    folders: ['dist/protocol', 'dist/client', 'dist/doctor', 'dist/server', 'dist/compat'],
    async build() {
      await runNode([inRoot('node_modules/typescript/bin/tsc'), '-b', 'compat']);
    },
  },
  {
    name: 'native sender compiled',
    stamp: 'native',
    from: ['server/transports/native'],
    proof: [ADDON_FILE],
    folders: [NATIVE_FOLDER],
    isPossible: canCompile,
    build: () => compileAddon(),
  },
  {
    name: 'web app bundled',
    stamp: 'web',
    from: ['web', 'public', 'client', 'doctor', 'protocol', 'vite.config.ts'],
    proof: ['dist/web/index.html', 'dist/web/doctor.html'],
    async build() {
      await vite('dist/web', ['production', 'doctor'], (folder) => {
        say(`doctor's page: ${kilobytes(filesOfPage(folder, 'doctor.html'))} kB gzip with all checks`);
      });
    },
  },
  {
    name: 'browser clients bundled',
    stamp: 'browser',
    from: ['client', 'protocol', 'vite.config.ts'],
    proof: ['roomplex.js', 'websocket-multiplex.js', 'sockjs.min.js'].map((name) => `dist/browser/${name}`),
    async build() {
      await vite('dist/browser', ['client', 'websocket-multiplex'], (folder) => {
        for (const name of ['sockjs.min.js', 'sockjs.min.js.map']) {
          cpSync(inRoot('node_modules/sockjs-client/dist', name), join(folder, name));
        }
        say(`client: ${kilobytes([join(folder, 'roomplex.js')])} kB gzip without SockJS`);
      });
    },
  },
];

/** Builds what is missing or older than its sources, `only` the build of that stamp. Answers how many builds there are. */
export async function ensureBuild({ only } = {}) {
  const builds = BUILDS.filter(({ stamp, isPossible = () => true }) => {
    return (only === undefined || only === stamp) && isPossible();
  }).map((build) => ({ ...build, sources: readSources(build.from) }));
  const stale = builds.filter((build) => !isFresh(build));
  await Promise.all(stale.map((build) => step(build.name, () => rebuild(build))));
  return builds.length;
}

async function rebuild({ build, folders = [], proof, stamp, sources }) {
  // The compiler leaves what came from sources that are gone.
  const before = readStamp(stamp);
  const isGone = before?.files.some((file) => !sources.files.includes(file)) ?? true;
  if (isGone) for (const folder of folders) rmSync(inRoot(folder), { recursive: true, force: true });
  await build();
  const missing = proof.filter((file) => !existsSync(inRoot(file)));
  if (missing.length > 0) throw new Error(`The build ended well but left no ${missing.join(', ')}`);
  mkdirSync(cache('build'), { recursive: true });
  writeFileSync(stampFile(stamp), JSON.stringify(sources));
}

/** Bundles beside the old result and swaps them, so that a server that runs never lacks a file for long. */
async function vite(target, modes, finish = () => {}) {
  const fresh = inRoot(`${target}.new`);
  const old = inRoot(`${target}.old`);
  rmSync(fresh, { recursive: true, force: true });
  for (const mode of modes) {
    const args = ['build', '--mode', mode, '--outDir', fresh, '--logLevel', 'warn'];
    await runNode([inRoot('node_modules/vite/bin/vite.js'), ...args], {
      // What a calling test or shell has there decides how dependencies are bundled.
      env: { NODE_ENV: 'production' },
    });
  }
  finish(fresh);
  rmSync(old, { recursive: true, force: true });
  mkdirSync(dirname(inRoot(target)), { recursive: true });
  if (existsSync(inRoot(target))) renameSync(inRoot(target), old);
  renameSync(fresh, inRoot(target));
  rmSync(old, { recursive: true, force: true });
}

/** The page and the scripts and styles it names, of the site's own. */
function filesOfPage(folder, page) {
  const html = readFileSync(join(folder, page), 'utf8');
  const names = [...html.matchAll(/(?:src|href)="\.\/([^"]+\.(?:js|css))"/g)].map(([, name]) => name);
  return [page, ...names].map((name) => join(folder, name));
}

/** How many thousand bytes the files are when each is compressed on its own. */
function kilobytes(files) {
  const sizes = files.map((file) => gzipSync(readFileSync(file), { level: 9 }).length);
  return (sizes.reduce((sum, size) => sum + size, 0) / 1000).toFixed(1);
}

function isFresh({ proof, stamp, sources }) {
  return proof.every((file) => existsSync(inRoot(file))) && readStamp(stamp)?.hash === sources.hash;
}

function stampFile(stamp) {
  return cache('build', `${stamp}.json`);
}

function readStamp(stamp) {
  try {
    return JSON.parse(readFileSync(stampFile(stamp), 'utf8'));
  } catch {
    return undefined;
  }
}

function readSources(from) {
  const files = [...from, ...EVERY_BUILD].flatMap((path) => list(inRoot(path))).sort();
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(`\0${file}\0`).update(readFileSync(inRoot(file)));
  return { hash: hash.digest('hex'), files };
}

function list(path) {
  const entries = readdirSync(dirname(path), { withFileTypes: true });
  const entry = entries.find(({ name }) => join(dirname(path), name) === path);
  if (entry === undefined) return [];
  const found = entry.isDirectory()
    ? readdirSync(path, { withFileTypes: true, recursive: true })
        .filter((inner) => inner.isFile())
        .map((inner) => join(inner.parentPath, inner.name))
    : [path];
  return found.map((file) => relative(root, file)).filter((file) => !NO_SOURCE.test(file));
}
