import type { IncomingMessage } from 'node:http';
import { isSameOrigin, normaliseOrigin } from './same-origin.ts';
import { hasToken, isVouchedFor } from './vouched-origin.ts';

/**
 * - `none`: no `Origin` header, so no browser: let in.
 * - `trusted`: the same origin, or one that was allowed by name.
 * - `foreign`: let in because all are (`*`), but never together with credentials.
 * - `refused`: everybody else, the origin `null` included.
 */
export type OriginVerdict = 'none' | 'trusted' | 'foreign' | 'refused';

/** Who may come from a browser page (CONTRACT §2, "Who may in"). */
export class OriginPolicy {
  readonly #allowed: ReadonlySet<string>;
  readonly #allowsAll: boolean;

  /** `allowed`: origins such as `https://app.example`; `*` allows all. */
  constructor(allowed: readonly string[] = []) {
    this.#allowsAll = allowed.includes('*');
    this.#allowed = new Set(allowed.map(normaliseOrigin));
  }

  judge(request: IncomingMessage): OriginVerdict {
    const { origin } = request.headers;
    if (origin === undefined) return 'none';
    if (isSameOrigin(origin, request)) return 'trusted';
    // The browser itself says where it comes from, in a header that no script can set (Fetch Metadata §2.3). It
    // holds where a proxy put another name into `Host`, and for forms of a page that sends no referrers, and so
    // names no origin either.
    if (isVouchedFor(request)) return 'trusted';
    if (origin !== 'null' && this.#allowed.size > 0 && this.#allowed.has(normaliseOrigin(origin)))
      return 'trusted';
    if (request.headers['sec-fetch-site'] === undefined && hasToken(request, origin)) return 'trusted';
    return this.#allowsAll ? 'foreign' : 'refused';
  }

  /** What `Access-Control-Allow-Origin` may say in an answer without credentials; `undefined`: nothing. */
  grant(request: IncomingMessage): string | undefined {
    if (this.#allowsAll) return '*';
    return this.judge(request) === 'trusted' ? request.headers.origin : undefined;
  }

  /** True when a request that changes something comes from another site's page (CONTRACT §2). */
  isCrossSite(request: IncomingMessage): boolean {
    if (this.judge(request) === 'refused') return true;
    const site = request.headers['sec-fetch-site'];
    return site === 'cross-site' && request.headers.origin === undefined && !this.#allowsAll;
  }
}
