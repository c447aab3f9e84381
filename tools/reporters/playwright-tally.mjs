import { writeFileSync } from 'node:fs';

/** Playwright reporter: writes passed, failed and skipped, with their reasons, to `ROOMPLEX_TALLY`. */
export default class PlaywrightTally {
  #suite;
  #errors = 0;

  onBegin(_config, suite) {
    this.#suite = suite;
  }

  /** Outside any test: a file that cannot be loaded, a fixture that fails at the end. */
  onError() {
    this.#errors++;
  }

  onEnd() {
    const tally = { passed: 0, failed: this.#errors, skipped: [] };
    for (const test of this.#suite?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === 'skipped')
        tally.skipped.push(`${test.titlePath().slice(2).join(' › ')}: ${reason(test)}`);
      else if (outcome === 'unexpected') tally.failed++;
      else tally.passed++;
    }
    writeFileSync(process.env.ROOMPLEX_TALLY, JSON.stringify(tally));
  }
}

function reason(test) {
  if (test.results.length === 0) return 'did not run';
  const { description } = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme') ?? {};
  return description ?? 'no reason given';
}
