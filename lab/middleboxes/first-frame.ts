const NOTHING = Buffer.alloc(0);
const END_OF_HEAD = '\r\n\r\n';

/** Lets the head of a handshake's answer through and, if asked for, one short frame after it; then nothing. */
export class FirstFrame {
  readonly #withFrame: boolean;
  #seen = NOTHING;
  #passed = 0;

  constructor(withFrame: boolean) {
    this.#withFrame = withFrame;
  }

  /** What of these bytes goes on. */
  take(bytes: Buffer): Buffer {
    this.#seen = Buffer.concat([this.#seen, bytes]);
    const end = this.#end();
    const through = this.#seen.subarray(this.#passed, Math.max(end, this.#passed));
    this.#passed += through.length;
    // Nothing after the end is looked at again.
    this.#seen = Buffer.from(this.#seen.subarray(0, end));
    return through;
  }

  /** How many of the bytes seen may pass. */
  #end(): number {
    const head = this.#seen.indexOf(END_OF_HEAD);
    if (head === -1) return this.#seen.length;
    const body = head + END_OF_HEAD.length;
    const length = this.#seen[body + 1];
    if (!this.#withFrame || length === undefined) return this.#withFrame ? this.#seen.length : body;
    // Frames of a server are not masked; what it says first is shorter than 126 bytes.
    return Math.min(this.#seen.length, body + 2 + length);
  }
}
