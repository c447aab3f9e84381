/** Where a {@link StoredText} keeps its value: the browser's `localStorage` or `sessionStorage`. */
export type StorageArea = 'local' | 'session';

/**
 * One text kept in the browser. Where storage is off or full (private windows, policies) the text lives as
 * long as the page.
 */
export class StoredText {
  readonly #key: string;
  readonly #area: StorageArea;
  #fallback: string | null = null;

  constructor(area: StorageArea, key: string) {
    this.#area = area;
    this.#key = `roomplex.${key}`;
  }

  get(): string | null {
    try {
      return this.#storage().getItem(this.#key) ?? this.#fallback;
    } catch {
      return this.#fallback;
    }
  }

  set(value: string | null): void {
    this.#fallback = value;
    try {
      if (value === null) this.#storage().removeItem(this.#key);
      else this.#storage().setItem(this.#key, value);
    } catch {
      // The fallback above serves this page.
    }
  }

  #storage(): Storage {
    return this.#area === 'local' ? localStorage : sessionStorage;
  }
}
