/** Lets tasks that may take their time run one after the other, in the order in which they came. */
export class Turns {
  #last: Promise<unknown> | undefined;

  /** A task has not finished yet. */
  get isBusy(): boolean {
    return this.#last !== undefined;
  }

  /** When no task is waiting any more. */
  async idle(): Promise<void> {
    while (this.#last !== undefined) await this.#last.catch(() => undefined);
  }

  /** Runs the task now when it is its turn; else later, and then there is a promise even for a task that needs no time. */
  take<T>(task: () => T | Promise<T>): T | Promise<T> {
    const last = this.#last;
    const result = last === undefined ? task() : last.then(task, task);
    if (result instanceof Promise) this.#hold(result);
    return result;
  }

  #hold(turn: Promise<unknown>): void {
    this.#last = turn;
    const free = (): void => {
      if (this.#last === turn) this.#last = undefined;
    };
    turn.then(free, free);
  }
}
