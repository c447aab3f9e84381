/**
 * Something that changes and tells about it. However often it changes, its listeners hear of it at most
 * once per animation frame, so a store fed at a high rate costs one render per frame.
 */
export abstract class Store {
  readonly #listeners = new Set<() => void>();
  #cancel: (() => void) | null = null;

  /** Calls `listener` after changes; returns a function that stops that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected changed(): void {
    this.#cancel ??= beforeNextFrame(() => {
      this.#cancel = null;
      for (const listener of [...this.#listeners]) listener();
    });
  }
}

/** Longest wait for a frame: a hidden tab paints none, yet its title shall count unread messages. */
const HIDDEN_TAB_MS = 120;

function beforeNextFrame(callback: () => void): () => void {
  let frame: number | null = null;
  const timer = setTimeout(run, typeof requestAnimationFrame === 'function' ? HIDDEN_TAB_MS : 0);
  if (typeof requestAnimationFrame === 'function') frame = requestAnimationFrame(run);
  function cancel(): void {
    clearTimeout(timer);
    if (frame !== null) cancelAnimationFrame(frame);
  }
  function run(): void {
    cancel();
    callback();
  }
  return cancel;
}
