/** `BASE/SERVER/SESSION`, a new session each time, with the query of the base, which ends in no slash. */
export function sessionUrl(base: URL): URL {
  const url = new URL(base);
  url.pathname += `/${serverId()}/${sessionId()}`;
  return url;
}

/** The same for a WebSocket, in the `ws` scheme. */
export function webSocketUrl(base: URL): string {
  const url = sessionUrl(base);
  url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
  url.pathname += '/websocket';
  return url.href;
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
