import { defineConfig } from 'vitest/config';

const FOLDERS = '{protocol,client,doctor,server,compat,tools,bench,soak}';

export default defineConfig({
  test: {
    testTimeout: 15_000,
    hookTimeout: 30_000,
    // What runs at once mostly waits for time to pass.
    maxConcurrency: 16,
    globalSetup: ['tools/native-setup.mjs'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${FOLDERS}/**/*.test.ts`],
          exclude: ['**/*.lab.test.ts'],
          // Nothing is mocked and no module keeps what another test could trip over: loading all of them anew for
          // each file takes longer than most files do.
          isolate: false,
        },
      },
      // These put a page's globals into Node, each its own.
      { extends: true, test: { name: 'web', include: ['web/**/*.test.ts'] } },
      // Real proxies in real time: they want the computer for themselves.
      {
        extends: true,
        test: {
          name: 'proxies',
          include: ['{client,doctor}/**/*.lab.test.ts', '{lab,deploy}/**/*.test.ts'],
          isolate: false,
        },
      },
    ],
  },
});
