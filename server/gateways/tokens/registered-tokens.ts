/** What {@link RegisteredTokens} is made with. */
export interface RegisteredTokensOptions {
  /** Most entries there may be; 0 lifts it. */
  readonly limit: number;
  /** Told of each token that was registered and is no longer. */
  onUnregistered(token: string): void;
}

/**
 * Tokens that may be taken where not everybody may take any (S4 §5, §6). An entry that was set wins over one
 * that was fetched; one that was unregistered stays in the list as `false`.
 */
export class RegisteredTokens {
  readonly #options: RegisteredTokensOptions;
  readonly #set = new Map<string, boolean>();
  #fetched: ReadonlyMap<string, boolean> = new Map();

  constructor(options: RegisteredTokensOptions) {
    this.#options = options;
  }

  has(token: string): boolean {
    return (this.#set.get(token) ?? this.#fetched.get(token)) === true;
  }

  /** False when there are too many entries for a new one. */
  set(token: string, isRegistered: boolean): boolean {
    const { limit } = this.#options;
    const isNew = !this.#set.has(token) && !this.#fetched.has(token);
    if (isNew && limit !== 0 && this.#set.size + this.#fetched.size >= limit) return false;
    const was = this.has(token);
    this.#set.set(token, isRegistered);
    if (was && !isRegistered) this.#options.onUnregistered(token);
    return true;
  }

  /** Takes a fetched list in the place of the last one. Returns how many entries were too many. */
  replaceFetched(entries: ReadonlyMap<string, boolean>): number {
    const { limit } = this.#options;
    const room = limit === 0 ? Infinity : Math.max(0, limit - this.#set.size);
    const before = this.#fetched;
    this.#fetched = entries.size <= room ? entries : new Map([...entries].slice(0, room));
    for (const [token, was] of before) {
      if (was && !this.#set.has(token) && !this.has(token)) this.#options.onUnregistered(token);
    }
    return entries.size - this.#fetched.size;
  }

  /** Every entry, in the order of the tokens. */
  entries(): [token: string, isRegistered: boolean][] {
    return [...new Map([...this.#fetched, ...this.#set])].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
