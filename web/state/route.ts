/** The protocols that have a page to try them, by the path they answer at. */
export const PROTOCOL_IDS = [
  'multiplex',
  'layout',
  'bus',
  'lobby',
  'trigger',
  'ws',
  'wss',
  'service',
  'socket.io',
  'echo',
] as const;

export type ProtocolId = (typeof PROTOCOL_IDS)[number];

/** A place in the app. */
export type Route =
  | { readonly page: 'dashboard' }
  | { readonly page: 'try' }
  | { readonly page: 'try-protocol'; readonly protocol: ProtocolId }
  | { readonly page: 'chat'; readonly room: string | null }
  | { readonly page: 'latency' }
  | { readonly page: 'not-found' };

/** Reads an address; `basePath` is where the app lives and ends in a slash. */
export function routeOf(address: URL, basePath: string): Route {
  if (!`${address.pathname}/`.startsWith(basePath)) return { page: 'not-found' };
  const path = address.pathname.slice(basePath.length).replace(/\/$/, '');
  if (path === '') return { page: 'dashboard' };
  if (path === 'latency') return { page: 'latency' };
  if (path === 'try') return { page: 'try' };
  if (path.startsWith('try/')) {
    const protocol = asProtocolId(path.slice('try/'.length));
    return protocol === null ? { page: 'not-found' } : { page: 'try-protocol', protocol };
  }
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

/** The address of the page to try a protocol on, relative to where the app lives. */
export function tryPath(protocol: ProtocolId): string {
  return `try/${protocol}`;
}

/** The same for what the gateway of this name speaks, `null` when there is no such page. */
export function tryPathOfGateway(gateway: string): string | null {
  if (gateway.startsWith('service/')) {
    return `${tryPath('service')}?name=${encodeURIComponent(gateway.slice('service/'.length))}`;
  }
  const protocol = asProtocolId(gateway);
  return protocol === null ? null : tryPath(protocol);
}

function asProtocolId(name: string): ProtocolId | null {
  return PROTOCOL_IDS.find((id) => id === name) ?? null;
}

const SPECIAL_IN_PATHS = /[./\\]/;
/** Code units that are no character of any kind and that no address can carry. */
const LONE_SURROGATES = /\p{Surrogate}/gu;
