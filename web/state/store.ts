/**
 * Something that changes and tells about it. However often it changes, its listeners hear of it at most
 * once per animation frame, so a store fed at a high rate costs one render per frame.
 */
export abstract class Store {
  readonly #listeners = new Set<() => void>();
  #isDue = false;

  /** Calls `listener` after changes; returns a function that stops that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    beforeNextFrame(() => {
      this.#isDue = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

/** Longest wait for a frame: a hidden tab paints none, yet its title shall count unread messages. */
const HIDDEN_TAB_MS = 120;

function beforeNextFrame(callback: () => void): void {
  const run = (): void => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    callback();
  };
  const timer = setTimeout(run, HIDDEN_TAB_MS);
  const frame = requestAnimationFrame(run);
}
