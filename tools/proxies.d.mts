export type ProxyName = 'nginx' | 'haproxy' | 'squid' | 'tinyproxy' | 'caddy';

/** The proxies that tests are run through, named as their programs and their Debian packages. */
export const PROXIES: readonly ProxyName[];

/** Path of a proxy's program; undefined when it is not installed. */
export function findProxy(name: ProxyName): string | undefined;
