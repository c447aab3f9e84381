/** Time between two looks, in ms: on a terminal, where the line is written anew, and elsewhere. */
const TERMINAL_MS = 200;
const LOG_MS = 5000;

/** Where progress is shown. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Tells how far something is: one line that changes on a terminal, a line now and then elsewhere. */
export class Progress {
  readonly #stream: ProgressStream;
  readonly #text: () => string;
  #last = performance.now();

  /** `text` says how far it is. */
  constructor(stream: ProgressStream, text: () => string) {
    this.#stream = stream;
    this.#text = text;
  }

  /** Something has happened. */
  step(): void {
    const isTerminal = this.#stream.isTTY === true;
    const now = performance.now();
    if (now - this.#last < (isTerminal ? TERMINAL_MS : LOG_MS)) return;
    this.#last = now;
    this.#stream.write(isTerminal ? `\r${this.#text()}` : `${this.#text()}\n`);
  }

  /** Something that is not progress, on a line of its own. */
  say(text: string): void {
    this.#stream.write(this.#stream.isTTY === true ? `\r${text}\n` : `${text}\n`);
  }

  /** It is over. */
  end(): void {
    this.say(this.#text());
  }
}
