/** What people copy from their address bar or their code and stands behind the root. */
const BEHIND_ROOT = /\/(?:doctor|multiplex|layout|bus|lobby|echo)\/?$/;

/** The root under which the server is mounted, with a slash at the end, without query. Throws when it is no such URL. */
export function serverRoot(url: string | URL): URL {
  const root = new URL(url);
  if (root.protocol !== 'http:' && root.protocol !== 'https:')
    throw new TypeError(`${root.protocol}// is neither http nor https`);
  root.username = '';
  root.password = '';
  root.search = '';
  root.hash = '';
  root.pathname = root.pathname.replace(BEHIND_ROOT, '/').replace(/\/?$/, '/');
  return root;
}
