import type { Connection } from '../../connection/connection.ts';

/** What a line is given at a time, in bytes, or one message. */
const BURST_BYTES = 65_536;

/** Gives a line no more at a time than it takes, whoever has something for it. */
export class LinePace {
  readonly #connection: Connection;
  #given = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Before so many bytes are given: `undefined` when there is room for them, else resolves when there is. */
  wait(bytes: number): Promise<void> | undefined {
    this.#given += bytes;
    if (this.#given <= BURST_BYTES) return undefined;
    this.#given = bytes;
    return new Promise((resolve) => this.#connection.whenTaken(resolve));
  }
}
