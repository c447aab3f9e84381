import type { CatchUp } from './catch-up.ts';

/**
 * The members of one connection that are behind. They take turns, a page at a time, so that many rooms ask no more of
 * a line at a time than one does.
 */
export class CatchUps {
  readonly #failed: (error: unknown) => void;
  /** By room, the next one first. */
  readonly #waiting = new Map<string, CatchUp>();
  #isRunning = false;

  /** `failed` is told when history could not be read. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** In the place of an earlier one for the room. */
  start(room: string, catchUp: CatchUp): void {
    this.#waiting.delete(room);
    if (catchUp.settle()) return;
    this.#waiting.set(room, catchUp);
    if (!this.#isRunning) this.#run().catch(this.#failed);
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    // Whoever is put in again meanwhile comes after all others.
    for (const [room, catchUp] of this.#waiting) {
      this.#waiting.delete(room);
      await catchUp.next();
      if (!catchUp.settle()) this.#waiting.set(room, catchUp);
    }
    this.#isRunning = false;
  }
}
