import type { IncomingMessage } from 'node:http';

interface Warner {
  warn(message: string, fields: Record<string, unknown>): void;
}

/** Tells the operator which pages were refused: perhaps they are the own ones, and a proxy hides that. */
export class RefusedPages {
  readonly #log: Warner;
  readonly #told = new Set<string>();

  constructor(log: Warner) {
    this.#log = log;
  }

  /** To be told of each request that is refused for its origin. The first few different ones are worth a line. */
  note({ headers }: IncomingMessage): void {
    const { origin = '', host = '' } = headers;
    const fields = { origin: origin.slice(0, MAX_TEXT), host: host.slice(0, MAX_TEXT) };
    const key = JSON.stringify(fields);
    if (this.#told.size === MAX_TOLD || this.#told.has(key)) return;
    this.#told.add(key);
    this.#log.warn(
      'a page of another origin was refused; if it is ours, see --trust-proxy and --origin',
      fields,
    );
  }
}

const MAX_TOLD = 10;
const MAX_TEXT = 256;
