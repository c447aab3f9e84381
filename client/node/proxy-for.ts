/** The proxy that the environment names for a server, as other programs understand it; `null`: none. */
export function proxyFor(url: URL, env: Readonly<Record<string, string | undefined>>): URL | null {
  const isEncrypted = url.protocol === 'https:' || url.protocol === 'wss:';
  const name = isEncrypted ? 'https_proxy' : 'http_proxy';
  const given = env[name] ?? env[name.toUpperCase()] ?? '';
  if (given === '' || isExempt(url, env['no_proxy'] ?? env['NO_PROXY'] ?? '')) return null;
  return parseProxy(given);
}

/** `proxy.example:3128` counts as `http://proxy.example:3128`. Throws when it is no address of an HTTP proxy. */
export function parseProxy(given: string): URL {
  const url = new URL(/^\w+:\/\//.test(given) ? given : `http://${given}`);
  if (url.protocol !== 'http:') throw new TypeError(`${url.protocol}// is no HTTP proxy`);
  return url;
}

/** Names and the ends of names, separated by commas or blanks, with a port or without; `*` for all. */
function isExempt(url: URL, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (port !== '' && port !== url.port) return false;
      const end = name.replace(/^\*?\./, '');
      return url.hostname === end || url.hostname.endsWith(`.${end}`);
    });
}
