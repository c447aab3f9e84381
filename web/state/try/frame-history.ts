const KEPT = 100;

/** What was sent before, to go back and forth in like in a shell. */
export class FrameHistory {
  #texts: string[] = [];
  /** Where one is; beyond the newest while nothing is recalled. */
  #place = 0;
  /** What was being typed when the going back began. */
  #draft = '';

  /** Notes what was sent; the same text twice in a row counts once. */
  add(text: string): void {
    if (text !== '' && this.#texts.at(-1) !== text) this.#texts = [...this.#texts, text].slice(-KEPT);
    this.#place = this.#texts.length;
  }

  /** The text before the one that is shown, `null` when there is none. */
  older(shown: string): string | null {
    const isNewest = this.#place === this.#texts.length;
    // What was just sent may still be shown: going back to it would change nothing.
    const place = this.#place - (isNewest && this.#texts.at(-1) === shown ? 2 : 1);
    const text = this.#texts[place];
    if (text === undefined || place < 0) return null;
    if (isNewest) this.#draft = shown;
    this.#place = place;
    return text;
  }

  /** The text after it, in the end what was being typed; `null` when one was not back at all. */
  newer(): string | null {
    if (this.#place >= this.#texts.length) return null;
    this.#place += 1;
    return this.#texts[this.#place] ?? this.#draft;
  }
}
