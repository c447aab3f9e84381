/** What checks and tests came to. */
export class Tally {
  passed = 0;
  failed = 0;
  /** Names, with the reason where there is one. */
  skipped = [];

  add({ passed = 0, failed = 0, skipped = [] }) {
    this.passed += passed;
    this.failed += failed;
    this.skipped.push(...skipped);
  }

  toString() {
    return `${this.passed} passed, ${this.failed} failed, ${this.skipped.length} skipped`;
  }
}
