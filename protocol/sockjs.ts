/**
 * The SockJS session frames: `o` open, `h` heartbeat, `a[…]` messages, `c[code,reason]` close.
 * Clients send a JSON array of strings.
 */

/** What a server frame means. */
export type SockJSFrame =
  | { readonly type: 'open' }
  | { readonly type: 'heartbeat' }
  | { readonly type: 'messages'; readonly messages: readonly string[] }
  | { readonly type: 'close'; readonly code: number; readonly reason: string };

/** What a client frame means. `undefined` messages are elements that were no strings. */
export type ClientPayload =
  | { readonly type: 'messages'; readonly messages: readonly string[]; readonly strangers: number }
  | { readonly type: 'empty' }
  | { readonly type: 'broken' };

export const OPEN_FRAME = 'o';
export const HEARTBEAT_FRAME = 'h';
/** What a client that asks for a beat gets. */
export const BEAT_ANSWER = 'a[]';

export function closeFrame(code: number, reason: string): string {
  return `c${JSON.stringify([code, reason])}`;
}

/** `a[…]` around texts that went through {@link quoteMessage}. */
export function arrayFrame(quoted: readonly string[]): string {
  return `a[${quoted.join(',')}]`;
}

/**
 * A message as a JSON string that every SockJS client can read: beside what JSON demands, the code units
 * that browsers or proxies are known to mangle are escaped (sockjs-protocol, "unicode").
 */
export function quoteMessage(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  const quoted = JSON.stringify(text);
  return FRAGILE.test(quoted) ? quoted.replace(EACH_FRAGILE, escapeUnit) : quoted;
}

/**
 * Reads what a client sent over a WebSocket. A bare JSON string counts as one message, other JSON values as
 * none (S2 §1.2); text that is no JSON breaks the framing.
 */
export function decodeClientPayload(payload: string): ClientPayload {
  if (payload === '') return { type: 'empty' };
  if (ONE_PLAIN.test(payload)) return { type: 'messages', messages: [payload.slice(2, -2)], strangers: 0 };
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch {
    return { type: 'broken' };
  }
  if (typeof value === 'string') return { type: 'messages', messages: [value], strangers: 0 };
  if (!Array.isArray(value)) return { type: 'messages', messages: [], strangers: 1 };
  if (value.every((element) => typeof element === 'string')) {
    return { type: 'messages', messages: value, strangers: 0 };
  }
  const messages = value.filter((element) => typeof element === 'string');
  return { type: 'messages', messages, strangers: value.length - messages.length };
}

/** Reads a server frame; `undefined` when it is none. */
export function decodeServerFrame(frame: string): SockJSFrame | undefined {
  switch (frame.charAt(0)) {
    case 'o':
      return { type: 'open' };
    case 'h':
      return { type: 'heartbeat' };
    case 'm': {
      const message = parse(frame.slice(1));
      return typeof message === 'string' ? { type: 'messages', messages: [message] } : undefined;
    }
    case 'a': {
      const messages = parse(frame.slice(1));
      if (!Array.isArray(messages)) return undefined;
      return { type: 'messages', messages: messages.filter((m) => typeof m === 'string') };
    }
    case 'c': {
      const close = parse(frame.slice(1));
      if (!Array.isArray(close)) return undefined;
      const [code, reason] = close as unknown[];
      return {
        type: 'close',
        code: typeof code === 'number' ? code : 1005,
        reason: typeof reason === 'string' ? reason : '',
      };
    }
    default:
      return undefined;
  }
}

/** Printable ASCII without `"` and `\`: stands in JSON as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;
/** An array of one such text, which most payloads are: read without parsing. */
const ONE_PLAIN = /^\["[ !#-[\]-~]*"\]$/;
const FRAGILE = /[\ud800-\udfff\u200c-\u200f\u2028-\u202f\u2060-\u206f\ufff0-\uffff]/;
const EACH_FRAGILE = new RegExp(FRAGILE.source, 'g');

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
