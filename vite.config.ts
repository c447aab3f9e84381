import { fileURLToPath } from 'node:url';
import { type Plugin, type UserConfig, defineConfig } from 'vite';

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
  plugins: [neverBundleSockJS],
};

/** `dist/browser/roomplex.js`: the client library as one ES module. */
const clientLibrary: UserConfig = {
  root: folder('.'),
  publicDir: false,
  cacheDir: folder('.cache/vite'),
  build: {
    outDir: folder('dist/browser'),
    emptyOutDir: true,
    sourcemap: true,
    lib: { entry: folder('client/index.ts'), formats: ['es'], fileName: () => 'roomplex.js' },
    // Vite leaves the blanks in libraries for the next bundler; browsers load this one as it is.
    rolldownOptions: { output: { codeSplitting: false, minify: true } },
  },
  plugins: [neverBundleSockJS],
};

export default defineConfig(({ mode }) => (mode === 'client' ? clientLibrary : webApp));
