import type { ServerOptions } from 'node:http';

/** How long an HTTP server of ours waits for its peers; servers that are not ours keep what they have. */
export const HTTP_TIMEOUTS = {
  /** Longer than proxies keep an unused line (60 to 75 s): otherwise they send on one that is just being closed. */
  keepAliveTimeout: 80_000,
  /** A request's head is sent in one go; who dribbles it holds a line for nothing. */
  headersTimeout: 10_000,
  /** A request with its body, on a slow line. */
  requestTimeout: 120_000,
  /** How late a time-out may be noticed. */
  connectionsCheckingInterval: 5000,
} satisfies ServerOptions;
