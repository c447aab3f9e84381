import { createClient } from './client.ts';
import { chooseProxy } from './node/choose-proxy.ts';
import { environmentBehind, nodeEnvironment } from './node/environment.ts';
import type { Client, ConnectOptions } from './types.ts';

export { ConflictError, RoomplexError, type ErrorCode } from './errors.ts';
export type * from './types.ts';

/**
 * Connects to a Roomplex server from Node. `url` is the absolute address of `/multiplex`. The client that is
 * returned is under way already and goes on trying until it is closed.
 */
export function connect(url: string | URL, options: ConnectOptions = {}): Client {
  const proxy = chooseProxy(new URL(url), options.proxy, process.env);
  return createClient(proxy === null ? nodeEnvironment : environmentBehind(proxy), url, options);
}
