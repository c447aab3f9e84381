import { fileURLToPath } from 'node:url';
import { type LibraryOptions, type Plugin, type UserConfig, defineConfig } from 'vite';

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The fallbacks are the stock client's own build, fetched only where they are needed; an import of it would
 * put 57 kB into every page.
 */
const neverBundleSockJS: Plugin = {
  name: 'never-bundle-sockjs',
  enforce: 'pre',
  resolveId(source, importer) {
    if (/^sockjs-client(?:\/|$)/.test(source)) {
      this.error(
        `${importer ?? 'The entry'} imports ${source}; the browser loads /client/sockjs.min.js instead.`,
      );
    }
  },
};

/** Templates are laid out for whoever reads the source; browsers need not load the blanks and what is said in CSS. */
const tightTemplates: Plugin = {
  name: 'tight-templates',
  apply: 'build',
  enforce: 'pre',
  transform: {
    filter: { id: /\/web\/(?:components|doctor|pages|styles)\/[^/]+\.ts$/ },
    handler: (code) => ({
      code: code.replace(/\n +/g, '\n').replace(/\bcss`[^`]+`/g, tightCss),
      map: null,
    }),
  },
};

function tightCss(css: string): string {
  return css
    .replace(/\/\*.*?\*\//gs, '')
    .replace(/([;{},])\n+/g, '$1')
    .replace(/: /g, ':')
    .replace(/ \{/g, '{');
}

/** What loads parts of a page that come later, in place of Vite's own helper. */
const loadPartsBy = (helper: string): Plugin => ({
  name: 'load-parts',
  apply: 'build',
  enforce: 'pre',
  load: { filter: { id: /vite\/preload-helper/ }, handler: () => helper },
});

/** However often they get lost on their way. */
const patiently = loadPartsBy(
  `export { loadPart as __vitePreload } from ${JSON.stringify(folder('web/load-part.ts'))};`,
);

/** Where parts need no styles and no other parts, so that nothing has to be loaded ahead of them. */
const plainly = loadPartsBy('export const __vitePreload = (load) => load();');

const webApp: UserConfig = {
  root: folder('web'),
  publicDir: folder('public'),
  // Relative, so that the app also runs below a path of a reverse proxy.
  base: './',
  cacheDir: folder('.cache/vite'),
  build: {
    outDir: folder('dist/web'),
    emptyOutDir: true,
    sourcemap: true,
    // The content security policy knows files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  plugins: [neverBundleSockJS, tightTemplates, patiently],
};

/**
 * The connection doctor's page, beside the app's files but of files of its own: what keeps the app from loading or
 * from connecting must not keep the doctor away.
 */
const doctorPage: UserConfig = {
  ...webApp,
  plugins: [neverBundleSockJS, tightTemplates, plainly],
  publicDir: false,
  build: {
    ...webApp.build,
    emptyOutDir: false,
    rolldownOptions: {
      input: folder('web/doctor.html'),
      treeshake: { manualPureFunctions: ['icon', 'svg', 'html', 'Intl.NumberFormat', 'Intl.DateTimeFormat'] },
    },
  },
};

/** One file in `dist/browser`, as browsers load it. */
const browserFile = (lib: LibraryOptions): UserConfig => ({
  root: folder('.'),
  publicDir: false,
  cacheDir: folder('.cache/vite'),
  build: {
    outDir: folder('dist/browser'),
    emptyOutDir: false,
    sourcemap: true,
    lib,
    // Vite leaves the blanks in libraries for the next bundler; browsers load these as they are.
    rolldownOptions: { output: { codeSplitting: false, minify: true } },
  },
  plugins: [neverBundleSockJS],
});

/** The client library as one ES module. */
const clientLibrary = browserFile({
  entry: folder('client/index.ts'),
  formats: ['es'],
  fileName: () => 'roomplex.js',
});

/** The stand-in for the client of websocket-multiplex: a classic script, as pages load that one. */
const websocketMultiplex = browserFile({
  entry: folder('client/compat/browser.ts'),
  formats: ['iife'],
  name: 'RoomplexCompat',
  fileName: () => 'websocket-multiplex.js',
});

export default defineConfig(({ mode }) => {
  if (mode === 'client') return clientLibrary;
  if (mode === 'doctor') return doctorPage;
  return mode === 'websocket-multiplex' ? websocketMultiplex : webApp;
});
