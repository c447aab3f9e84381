import { RoomplexError } from './errors.ts';

/** How many messages may wait for a connection, all channels and rooms of a client together. */
export class QueueBudget {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes one place; throws when there is none. */
  take(): void {
    if (this.#used >= this.#limit) {
      throw new RoomplexError('queue-full', `${this.#limit} messages wait for the connection already`);
    }
    this.#used += 1;
  }

  /** Takes places for what cannot be refused any more; until they are given back, nothing else gets one. */
  owe(places: number): void {
    this.#used += places;
  }

  give(places: number): void {
    this.#used -= places;
  }
}
