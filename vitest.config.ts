import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{protocol,client,doctor,server,compat,tools,web,bench,soak,lab,deploy}/**/*.test.ts'],
    // Nothing is mocked and no module keeps what another test could trip over: loading all of them anew for each
    // file takes longer than most files do.
    isolate: false,
    // Most tests wait for sockets, disks and other processes.
    maxWorkers: 3,
    testTimeout: 15_000,
    // What runs at once mostly waits for time to pass.
    maxConcurrency: 16,
    hookTimeout: 30_000,
  },
});
