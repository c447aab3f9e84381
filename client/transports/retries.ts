import type { Clock } from '../clock.ts';

/** How long to wait before asking again, in ms: first, second and third time. */
const DELAYS_MS = [0, 100, 400] as const;

/** Nobody tries for longer than this to get through: the server keeps a session for 5 s. */
const TRYING_MS = 4000;

/** The network lost a request or its answer: nobody knows whether it arrived, and the same can be asked again. */
export class LostAnswer extends Error {
  override readonly name = 'LostAnswer';
}

/** Asks again what got no answer, a few times in a row. */
export class Retries {
  readonly #clock: Clock;
  #count = 0;
  #since = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Something got through. */
  reset(): void {
    this.#count = 0;
  }

  /** Resolves when it is time to ask again. Rejects with the error that there was when it is no use. */
  async after(error: unknown): Promise<void> {
    const now = this.#clock.now();
    if (this.#count === 0) this.#since = now;
    const delayMs = DELAYS_MS[this.#count++];
    if (!(error instanceof LostAnswer) || delayMs === undefined || now - this.#since > TRYING_MS) throw error;
    if (delayMs === 0) return;
    await new Promise<void>((resolve) => {
      this.#clock.after(delayMs, resolve);
    });
  }
}
