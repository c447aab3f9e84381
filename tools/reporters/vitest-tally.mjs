import { writeFileSync } from 'node:fs';

/** Vitest reporter: writes passed, failed and skipped, with their reasons, to `ROOMPLEX_TALLY`. */
export default class VitestTally {
  onTestRunEnd(modules, unhandledErrors) {
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      // A file that cannot even be loaded has no tests to count.
      tally.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') tally.passed++;
        else if (state === 'failed') tally.failed++;
        else
          tally.skipped.push(`${module.relativeModuleId} › ${test.fullName}: ${note ?? 'no reason given'}`);
      }
    }
    writeFileSync(process.env.ROOMPLEX_TALLY, JSON.stringify(tally));
  }
}
