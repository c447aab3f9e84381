import { browserEnvironment } from './browser-environment.ts';
import { createClient } from './client.ts';
import type { Client, ConnectOptions } from './types.ts';

export { ConflictError, RoomplexError, type ErrorCode } from './errors.ts';
export type * from './types.ts';

/**
 * Connects to a Roomplex server from a browser. `url` is the address of `/multiplex`, and may be relative to
 * the page. The client that is returned is under way already and goes on trying until it is closed.
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Client {
  return createClient(browserEnvironment, url, options);
}
