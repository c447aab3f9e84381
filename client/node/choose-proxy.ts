import { parseProxy, proxyFor } from './proxy-for.ts';

/**
 * The proxy through which a server is reached: the one that was chosen, else the one that the environment names;
 * `null`: none. This machine is reached without, unless one was chosen.
 *
 * @throws TypeError when it is no HTTP proxy
 */
export function chooseProxy(
  server: URL,
  chosen: string | URL | null | undefined,
  env: NodeJS.ProcessEnv,
): URL | null {
  if (chosen === null) return null;
  if (chosen !== undefined) return parseProxy(String(chosen));
  if (LOOPBACK.test(server.hostname)) return null;
  try {
    return proxyFor(server, env);
  } catch (error) {
    throw new TypeError(
      'The proxy that the environment names is no HTTP proxy. Name another with `proxy`, or null for none.',
      { cause: error },
    );
  }
}

const LOOPBACK = /^(?:localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/;
