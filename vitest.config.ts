import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{protocol,client,doctor,server,compat,tools,web,bench,soak}/**/*.test.ts'],
    testTimeout: 15_000,
    hookTimeout: 30_000,
  },
});
