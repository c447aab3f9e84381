/**
 * The numbers of the bodies that a session sent, from 1 on. A client that got no answer sends a body again, so that
 * two copies may even be on their way at once; it is the one that is here first as a whole that is taken.
 */
export class PostNumbers {
  #taken = 0;
  /** Of the body whose messages are just being handed out. */
  #current: number | undefined;

  /** Something is missing before this one. */
  skips(number: number): boolean {
    return number > this.#taken + 1;
  }

  /** A body is here as a whole; what is handed out from now on is of it. */
  begin(number: number): void {
    this.#current = number;
  }

  /** What is being handed out was taken before. */
  get isRepeated(): boolean {
    return this.#current !== undefined && this.#current <= this.#taken;
  }

  /** All of it was handed out, or it was refused as a whole. */
  end(isTaken: boolean): void {
    if (isTaken) this.#taken = Math.max(this.#taken, this.#current ?? 0);
    this.#current = undefined;
  }
}
