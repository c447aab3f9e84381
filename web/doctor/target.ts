/** Which server a page of the doctor examines: its own, unless `?url=` names another. */
export interface Target {
  /** The root under which Roomplex is mounted, with a slash at the end. */
  readonly url: string;
  /** True for the server this page came from, whose settings this browser can keep. */
  readonly isOwn: boolean;
}

/** Reads the target from the page's address. What `?url=` says is no address counts as not there. */
export function targetOf(page: URL): Target {
  const own = new URL('.', page).href;
  const asked = page.searchParams.get('url');
  const url = asked === null ? own : (readServerUrl(asked) ?? own);
  return { url, isOwn: url === own };
}

/** The root of the server that an address of it or of one of its pages names; `null` when it is no address of one. */
function readServerUrl(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol === 'ws:') url.protocol = 'http:';
  if (url.protocol === 'wss:') url.protocol = 'https:';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return null;
  const path = url.pathname.replace(/\/(?:multiplex|doctor)\/?$/, '/');
  return `${url.origin}${path.endsWith('/') ? path : `${path}/`}`;
}

/** Where the client connects, given the root. */
export function multiplexUrl(root: string): string {
  return new URL('multiplex', root).href;
}

/** The root as people say it: without the scheme and the slash at the end. */
export function nameOfServer(root: string): string {
  return root.replace(/^https?:\/\//, '').replace(/\/$/, '');
}
