import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{protocol,client,doctor,server,compat,tools,web,bench,soak,lab,deploy}/**/*.test.ts'],
    testTimeout: 15_000,
    // What runs at once mostly waits for time to pass.
    maxConcurrency: 16,
    hookTimeout: 30_000,
  },
});
