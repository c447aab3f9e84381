import type { Clock } from './clock.ts';

/**
 * Notices a line on which nothing arrives any more although nobody closed it. It compares times of day
 * instead of trusting its timer, so a computer that wakes from sleep notices at once.
 */
export class SilenceWatch {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #silent: () => void;
  #heardAt: number;
  #cancel: () => void = () => undefined;

  /** A limit of 0 means: any silence is fine. */
  constructor(clock: Clock, limitMs: number, silent: () => void) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#silent = silent;
    this.#heardAt = clock.now();
    if (limitMs > 0) this.check();
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** Looks now, and again when the limit would be reached. */
  check(): void {
    if (this.#limitMs === 0) return;
    this.#cancel();
    const now = this.#clock.now();
    // The clock was set back: what was heard then counts as heard now.
    if (this.#heardAt > now) this.#heardAt = now;
    const left = this.#heardAt + this.#limitMs - now;
    if (left <= 0) {
      this.#silent();
      return;
    }
    this.#cancel = this.#clock.after(left, () => {
      this.check();
    });
  }

  /** There is another sign that the line is dead: silence counts already when it lasts for so long. */
  doubt(limitMs: number): void {
    if (this.#clock.now() - this.#heardAt < limitMs) return;
    this.#cancel();
    this.#silent();
  }

  stop(): void {
    this.#cancel();
  }
}
