import type { Room } from './room.ts';

/** A measurement that must not count: something was lost, doubled, reordered, garbled or cut. */
export class CheckError extends Error {
  override readonly name = 'CheckError';
}

/** What all rooms of a measurement share: the counters, the first failure, and who hears of complete messages. */
export class Traffic {
  /** Messages that arrived at a member. */
  delivered = 0;
  /** Frames that carried them. */
  frames = 0;
  /** Messages that some member still waits for. */
  underway = 0;
  isStrict = true;
  /** Milliseconds from publishing to each delivery, while somebody collects them. */
  latencies: number[] | undefined;
  /** Called when the last member has a message. */
  onComplete: (room: Room, publisher: number) => void = () => {};

  #fail: (error: CheckError) => void = () => {};
  readonly #failure: Promise<never>;
  #onDrained: (() => void) | undefined;

  constructor() {
    this.#failure = new Promise((_, reject) => {
      this.#fail = reject;
    });
    // Whoever waits hears of it through `orFailure`; with nobody waiting it is no crash.
    this.#failure.catch(() => {});
  }

  fail(reason: string): void {
    this.#fail(new CheckError(reason));
  }

  /** Waits for `work`, or throws the first failure. */
  orFailure<T>(work: Promise<T>): Promise<T> {
    // The failure stands first: of two settled promises the first wins.
    return Promise.race([this.#failure, work]);
  }

  completed(room: Room, publisher: number): void {
    this.underway--;
    this.onComplete(room, publisher);
    if (this.underway === 0) this.#onDrained?.();
  }

  /** Resolves when no message is under way any more; fails when that takes too long. */
  async drained(): Promise<void> {
    if (this.underway === 0) return this.orFailure(Promise.resolve());
    const timer = setTimeout(() => {
      this.fail(`lost: ${this.underway} messages had not reached every member after ${DRAIN_LIMIT_MS} ms`);
    }, DRAIN_LIMIT_MS);
    try {
      await this.orFailure(new Promise<void>((resolve) => (this.#onDrained = resolve)));
    } finally {
      clearTimeout(timer);
      this.#onDrained = undefined;
    }
  }

  resetCounters(): void {
    this.delivered = 0;
    this.frames = 0;
  }
}

const DRAIN_LIMIT_MS = 10_000;
