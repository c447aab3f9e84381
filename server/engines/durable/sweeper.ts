import type { Upkeep } from './upkeep.ts';

/** Time between two slices of work, and between two looks at whether there is any, in ms. */
const PAUSE_MS = 10;
const REST_MS = 1000;
/** Time between two rounds through all rooms, in ms. */
const ROUND_MS = 60_000;
/** A busy room is trimmed when it is worth it, every other in its turn. */
const WORTH_TRIMMING = 64;

/** What a {@link Sweeper} asks and tells. */
export interface SweeperListener {
  /** False: nothing can be written now. */
  isDue(): boolean;
  swept(): void;
  failed(error: unknown): void;
}

/** Does the upkeep of a store in the background, a slice at a time. */
export class Sweeper {
  readonly #upkeep: Upkeep;
  readonly #listener: SweeperListener;
  #timer: NodeJS.Timeout | undefined;
  #goOn: () => void = () => undefined;
  #isStopped = false;
  #lastRound = performance.now();

  constructor(upkeep: Upkeep, listener: SweeperListener) {
    this.#upkeep = upkeep;
    this.#listener = listener;
  }

  /** Goes on until it is stopped. */
  async run(): Promise<void> {
    while (!this.#isStopped) {
      await this.#pause(REST_MS);
      if (this.#isStopped || !this.#listener.isDue()) continue;
      await this.#sweep();
    }
  }

  /** Does all there is to do, at once. */
  async sweepAll(): Promise<void> {
    const upkeep = this.#upkeep;
    for (const task of [upkeep.clearIds(), upkeep.goRound(), upkeep.clearRemains()]) {
      for await (const _slice of task) if (this.#isStopped) return;
    }
    this.#listener.swept();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#goOn();
  }

  async #sweep(): Promise<void> {
    const tasks = [
      this.#upkeep.clearIds(),
      this.#upkeep.trimBusy(WORTH_TRIMMING),
      this.#upkeep.clearRemains(),
    ];
    if (performance.now() - this.#lastRound > ROUND_MS) {
      this.#lastRound = performance.now();
      tasks.push(this.#upkeep.goRound());
    }
    for (const task of tasks) await this.#attempt(() => this.#finish(task));
    await this.#attempt(async () => this.#listener.swept());
  }

  async #finish(task: AsyncGenerator<void>): Promise<void> {
    for await (const _slice of task) {
      await this.#pause(PAUSE_MS);
      if (this.#isStopped) return;
    }
  }

  async #attempt(what: () => Promise<void>): Promise<void> {
    try {
      await what();
    } catch (error) {
      this.#listener.failed(error);
    }
  }

  async #pause(ms: number): Promise<void> {
    if (this.#isStopped) return;
    await new Promise<void>((resolve) => {
      this.#goOn = resolve;
      this.#timer = setTimeout(resolve, ms).unref();
    });
  }
}
