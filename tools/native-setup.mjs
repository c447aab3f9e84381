import { ensureBuild } from './builds.mjs';

/** Vitest calls this once: tests run with the native sender wherever it can be built. */
export async function setup() {
  await ensureBuild({ only: 'native' });
}
