const utf8 = new TextEncoder();

/** The longest of many texts, by what they take on the wire. */
export class LongestText {
  #text: string | null = null;
  #bytes = 0;

  /** `null` when there was none yet. */
  get text(): string | null {
    return this.#text;
  }

  add(text: string): void {
    // A UTF-16 unit is at most three bytes: few texts need to be measured.
    if (text.length * 3 <= this.#bytes) return;
    const { length } = utf8.encode(text);
    if (length <= this.#bytes) return;
    this.#bytes = length;
    this.#text = text;
  }
}
