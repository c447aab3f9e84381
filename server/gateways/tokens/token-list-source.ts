import { fetchTokens } from './fetch-tokens.ts';

/** What {@link TokenListSource} is made with. */
export interface TokenListSourceOptions {
  readonly url: string;
  /** How long a fetch may take, in ms. */
  readonly timeoutMs: number;
  /** Time between two fetches, in ms; 0: there is only the first. */
  readonly refreshMs: number;
  readonly onList: (tokens: Map<string, boolean>) => void;
  readonly onFailure: (reason: string) => void;
}

/** Fetches the list of registered tokens at once, and again from time to time where that is wanted. */
export class TokenListSource {
  /** The first fetch is done, one way or the other. */
  readonly ready: Promise<void>;
  readonly #options: TokenListSourceOptions;
  readonly #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TokenListSourceOptions) {
    this.#options = options;
    this.ready = this.#fetch();
  }

  stop(): void {
    this.#stopped.abort();
    clearTimeout(this.#timer);
  }

  async #fetch(): Promise<void> {
    const { url, timeoutMs, refreshMs, onList, onFailure } = this.#options;
    const { signal } = this.#stopped;
    const patience = AbortSignal.timeout(timeoutMs);
    try {
      const tokens = await fetchTokens(url, AbortSignal.any([signal, patience]));
      if (!signal.aborted) onList(tokens);
    } catch (error) {
      if (!signal.aborted) onFailure(patience.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error));
    }
    if (refreshMs === 0 || signal.aborted) return;
    this.#timer = setTimeout(() => void this.#fetch(), refreshMs).unref();
  }
}

/** `fetch` says "fetch failed" and keeps to its cause why. */
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: unknown };
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return error instanceof Error ? error.message : String(error);
}
