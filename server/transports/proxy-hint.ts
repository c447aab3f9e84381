import type { IncomingMessage } from 'node:http';

interface Warner {
  warn(message: string, fields: Record<string, unknown>): void;
}

/** Tells the operator, once, that our own pages are refused because TLS ends at a proxy that nobody said to trust. */
export class ProxyHint {
  readonly #log: Warner;
  #isSaid = false;

  constructor(log: Warner) {
    this.#log = log;
  }

  /** To be told of each request that is refused for its origin. */
  refused({ headers }: IncomingMessage): void {
    const { origin, host, 'x-forwarded-host': forwardedHost } = headers;
    if (this.#isSaid || origin === undefined) return;
    if (origin !== `https://${host}` && origin !== `https://${String(forwardedHost)}`) return;
    this.#isSaid = true;
    this.#log.warn('pages of what seems to be our own origin are refused; see --trust-proxy and --origin', {
      origin: origin.slice(0, 256),
    });
  }
}
