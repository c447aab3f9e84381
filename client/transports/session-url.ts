import type { LineRequest } from './line.ts';

/** `BASE/SERVER/SESSION`, a new session each time, with the query of the base, which ends in no slash. */
export function sessionUrl(base: URL): URL {
  const url = new URL(base);
  url.pathname += `/${serverId()}/${sessionId()}`;
  return url;
}

/** The same for a WebSocket, in the `ws` scheme. */
export function webSocketUrl(request: LineRequest): string {
  const url = sessionUrl(request.url);
  url.protocol = request.url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.pathname += '/websocket';
  return addQuery(url, heartbeatQuery(request)).href;
}

/** What a new session is asked for, as a query; empty when that is nothing. */
export function heartbeatQuery({ heartbeatMs }: LineRequest): string {
  return heartbeatMs > 0 ? `heartbeat=${Math.round(heartbeatMs)}` : '';
}

/** The URL with more behind the query it has. */
export function addQuery(url: URL, ...more: readonly string[]): URL {
  const longer = new URL(url);
  longer.search = [url.search.slice(1), ...more].filter((part) => part !== '').join('&');
  return longer;
}

/** Long enough that nobody guesses it: on HTTP transports who knows the session may read it. */
export const SESSION_ID_LENGTH = 24;

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz012345';

function sessionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SESSION_ID_LENGTH));
  return Array.from(bytes, (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

/** Three digits that load balancers may route by. */
function serverId(): string {
  const [number = 0] = crypto.getRandomValues(new Uint16Array(1));
  return String(number % 1000).padStart(3, '0');
}
