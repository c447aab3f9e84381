import { quoteMessage } from '../../protocol/sockjs.ts';

/**
 * A text on its way out, with every form a wire may want of it, each made at most once however many
 * connections get it.
 */
export class PreparedMessage {
  readonly text: string;
  #quoted: string | undefined;
  #bytes = -1;
  #prefix: string | undefined;
  #prefixed: PreparedMessage | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The text as a SockJS array element. */
  get quoted(): string {
    return (this.#quoted ??= quoteMessage(this.text));
  }

  /** Length in UTF-8. */
  get bytes(): number {
    if (this.#bytes === -1) this.#bytes = Buffer.byteLength(this.text);
    return this.#bytes;
  }

  /**
   * The same text behind a prefix, as a channel on a shared connection needs it. A room walks its members
   * with one message, and they mostly share their prefix, so remembering the last one is enough.
   */
  prefixedWith(prefix: string): PreparedMessage {
    if (this.#prefix !== prefix || this.#prefixed === undefined) {
      this.#prefix = prefix;
      this.#prefixed = new PreparedMessage(prefix + this.text);
    }
    return this.#prefixed;
  }
}
