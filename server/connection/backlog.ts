/** Messages that came in and wait for their turn, oldest first. */
export class Backlog {
  /** UTF-16 units of the texts and bytes of the binary messages. */
  size = 0;
  #messages: (string | Buffer)[] = [];
  #next = 0;

  get isEmpty(): boolean {
    return this.#next === this.#messages.length;
  }

  push(message: string | Buffer): void {
    this.#messages.push(message);
    this.size += message.length;
  }

  shift(): string | Buffer | undefined {
    const message = this.#messages[this.#next];
    if (message === undefined) return undefined;
    this.#next++;
    this.size -= message.length;
    // Rarely, so that taking them all costs what there are, not its square.
    if (this.#next >= 1024) {
      this.#messages = this.#messages.slice(this.#next);
      this.#next = 0;
    }
    return message;
  }
}

/** Somebody whose messages wait. */
export interface Waiting {
  /** Handles as many as one turn has room for. True when more are left. */
  readOn(): boolean;
}

/** Lets everybody who has a backlog go on once in every turn of the event loop, in the order in which they came. */
class BacklogQueue {
  #waiting: Waiting[] = [];

  add(waiting: Waiting): void {
    if (this.#waiting.push(waiting) === 1) setImmediate(this.#serve);
  }

  readonly #serve = (): void => {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) if (one.readOn()) this.add(one);
  };
}

export const backlogs = new BacklogQueue();
