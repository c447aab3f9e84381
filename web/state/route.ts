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
  | { readonly page: 'room'; readonly room: string }
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
  const chat = roomIn(path, 'chat', address);
  if (chat !== undefined) return { page: 'chat', room: chat };
  const room = roomIn(path, 'rooms', address) ?? '';
  return room === '' ? { page: 'not-found' } : { page: 'room', room };
}

/** The room that an address below `page` names; `null` when it names none, `undefined` when it is elsewhere. */
function roomIn(path: string, page: 'chat' | 'rooms', address: URL): string | null | undefined {
  if (path === page) return address.searchParams.get('room');
  if (!path.startsWith(`${page}/`)) return undefined;
  try {
    return decodeURIComponent(path.slice(page.length + 1));
  } catch {
    return undefined;
  }
}

/**
 * The address of a room's chat, relative to where the app lives. Names with dots or slashes travel as a
 * parameter: browsers drop `.` and `..` from a path, and servers and proxies between take the one for the end
 * of a file's name and the other, however escaped, for a folder's.
 */
export function chatPath(room: string): string {
  return pathOf('chat', room);
}

/** The same for the page of a room. */
export function roomPath(room: string): string {
  return pathOf('rooms', room);
}

function pathOf(page: 'chat' | 'rooms', room: string): string {
  const name = encodeURIComponent(room.replace(LONE_SURROGATES, '\u{FFFD}'));
  return SPECIAL_IN_PATHS.test(room) ? `${page}?room=${name}` : `${page}/${name}`;
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
