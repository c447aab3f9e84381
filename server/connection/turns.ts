/** Numbers the turns of the event loop, for whoever counts what happens within one. */
class Turns {
  #number = 0;
  #isScheduled = false;

  /** The same from one look to the next as long as the event loop does not go on to other sockets. */
  get current(): number {
    if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(this.#advance);
    }
    return this.#number;
  }

  readonly #advance = (): void => {
    this.#isScheduled = false;
    this.#number++;
  };
}

export const turns = new Turns();
