import type { Check, Report } from '../../doctor/report.ts';
import type { ExamineOptions, ProgressListener } from '../../doctor/run.ts';
import { Store } from '../state/store.ts';

/** `broken`: the examination itself failed, which says nothing about the network. */
export type Stage = 'before' | 'running' | 'cancelled' | 'done' | 'broken';

/** Looks at the server at this address; what the doctor's core does. */
export type Examine = (url: string, options: ExamineOptions, onProgress: ProgressListener) => Promise<Report>;

/** The longest quiet that a thorough examination tries, ms. */
const LONGEST_IDLE_MS = 65_000;
/** About how long each kind of examination takes on a healthy line. */
const QUICK_MS = 8_000;
const THOROUGH_MS = LONGEST_IDLE_MS + 5_000;

/** One examination at a time: how far it is and what came of it. */
export class Examination extends Store {
  readonly #examine: Examine;
  #stage: Stage = 'before';
  #checks: readonly Check[] = [];
  #report: Report | null = null;
  #before: Report | null = null;
  #abort: AbortController | null = null;
  #startedAt = 0;
  #isThorough = false;

  constructor(examine: Examine) {
    super();
    this.#examine = examine;
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** In the order in which they are shown; empty before the first examination. */
  get checks(): readonly Check[] {
    return this.#checks;
  }

  /** What the latest examination found out; `null` until one has come to its end. */
  get report(): Report | null {
    return this.#report;
  }

  /** What the one before that found out, of the same server. */
  get before(): Report | null {
    return this.#before;
  }

  get isThorough(): boolean {
    return this.#isThorough;
  }

  /** How many checks have come to an end. */
  get settled(): number {
    return this.#checks.filter(({ status }) => status !== 'waiting' && status !== 'running').length;
  }

  /** How long it has been running, ms. */
  get elapsedMs(): number {
    return this.#stage === 'running' ? Math.max(0, Date.now() - this.#startedAt) : 0;
  }

  /** About how long it will go on, ms; `null` once it takes longer than expected. */
  get remainingMs(): number | null {
    const remaining = (this.#isThorough ? THOROUGH_MS : QUICK_MS) - this.elapsedMs;
    return remaining > 0 ? remaining : null;
  }

  /** Between 0 and 1: of the checks in a quick examination, of the time in a thorough one, which mostly waits. */
  get progress(): number {
    if (this.#stage !== 'running') return this.#stage === 'done' ? 1 : 0;
    if (this.#isThorough) return Math.min(0.98, this.elapsedMs / THOROUGH_MS);
    return this.#checks.length === 0 ? 0 : this.settled / this.#checks.length;
  }

  /** Examines the server at `url`; ends what was going on. */
  async start(url: string, isThorough: boolean): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#stage = 'running';
    this.#isThorough = isThorough;
    this.#startedAt = Date.now();
    // Of the same server they are the same checks, so that nothing moves while they begin anew.
    this.#checks = this.#checks.map((check) => ({ ...check, status: 'waiting', durationMs: 0, detail: '' }));
    this.changed();
    try {
      const report = await this.#examine(
        url,
        { full: isThorough, longestIdleMs: LONGEST_IDLE_MS, signal: abort.signal },
        (checks) => {
          if (this.#abort !== abort) return;
          this.#checks = checks;
          this.changed();
        },
      );
      if (this.#abort !== abort) return;
      this.#before = this.#report?.url === report.url ? this.#report : null;
      this.#report = report;
      this.#checks = report.checks;
      this.#stage = 'done';
    } catch {
      if (this.#abort !== abort) return;
      this.#stage = 'broken';
    }
    this.#abort = null;
    this.changed();
  }

  /** Ends what is going on; what was found out until then stays to be seen. */
  cancel(): void {
    if (this.#abort === null) return;
    this.#abort.abort();
    this.#abort = null;
    this.#stage = 'cancelled';
    this.#checks = this.#checks.map((check) =>
      check.status === 'waiting' || check.status === 'running'
        ? { ...check, status: 'skip', detail: 'Cancelled.' }
        : check,
    );
    this.changed();
  }
}
