import type { DurableRoom } from './durable-room.ts';
import type { Batch } from './batch.ts';
import type { Faults } from './faults.ts';
import type { Operation, Outcome } from './operation.ts';

/** An operation on a room that somebody waits for. */
export abstract class Request<T> implements Operation {
  abstract readonly bytes: number;
  readonly isOwed = false;
  readonly answer: Promise<T>;
  protected readonly room: DurableRoom;
  readonly #faults: Faults;
  #resolve: (value: T) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;

  constructor(room: DurableRoom, faults: Faults) {
    this.room = room;
    this.#faults = faults;
    this.answer = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  mustWait(): boolean {
    return false;
  }

  abstract draft(batch: Batch): Outcome;

  refuse(error: unknown): void {
    this.#reject(this.#faults.refusal(this.room.address, error));
  }

  protected fulfil(value: T): void {
    this.#resolve(value);
  }
}
