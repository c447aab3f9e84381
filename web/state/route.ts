/** A place in the app. */
export type Route =
  | { readonly page: 'dashboard' }
  | { readonly page: 'chat'; readonly room: string | null }
  | { readonly page: 'latency' }
  | { readonly page: 'not-found' };

/** Reads an address; `basePath` is where the app lives and ends in a slash. */
export function routeOf(address: URL, basePath: string): Route {
  if (!`${address.pathname}/`.startsWith(basePath)) return { page: 'not-found' };
  const path = address.pathname.slice(basePath.length).replace(/\/$/, '');
  if (path === '') return { page: 'dashboard' };
  if (path === 'latency') return { page: 'latency' };
  if (path === 'chat') return { page: 'chat', room: address.searchParams.get('room') };
  if (!path.startsWith('chat/')) return { page: 'not-found' };
  try {
    return { page: 'chat', room: decodeURIComponent(path.slice('chat/'.length)) };
  } catch {
    return { page: 'not-found' };
  }
}

/**
 * The address of a room's chat, relative to where the app lives. Names with dots or slashes travel as a
 * parameter: browsers drop `.` and `..` from a path, and servers and proxies between take the one for the end
 * of a file's name and the other, however escaped, for a folder's.
 */
export function chatPath(room: string): string {
  const name = encodeURIComponent(room.replace(LONE_SURROGATES, '\u{FFFD}'));
  return SPECIAL_IN_PATHS.test(room) ? `chat?room=${name}` : `chat/${name}`;
}

const SPECIAL_IN_PATHS = /[./\\]/;
/** Code units that are no character of any kind and that no address can carry. */
const LONE_SURROGATES = /\p{Surrogate}/gu;
