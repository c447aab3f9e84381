/** The token of a connection that took none (S4 §3). */
export const UNREGISTERED = 'unregistered';

/** What a client of the token broker says (S4 §2). */
export type TokenMessage =
  | { readonly type: 'message'; readonly receivers: string; readonly body: string }
  | { readonly type: 'register'; readonly token: string }
  | { readonly type: 'echo'; readonly text: string }
  /** A service message that nobody knows (S4 §4.4). */
  | { readonly type: 'unknown' };

const REGISTER = 'RegisterToken:';
const ECHO = 'Echo:';

/** Reads one text. The service words come before the bar: `Echo:x|y` is an echo of `x|y`. */
export function decodeTokenMessage(text: string): TokenMessage {
  if (text.startsWith(REGISTER)) return { type: 'register', token: text.slice(REGISTER.length).trim() };
  if (text.startsWith(ECHO)) return { type: 'echo', text: text.slice(ECHO.length) };
  return splitMessage(text) ?? { type: 'unknown' };
}

/** `RECEIVERS|BODY` at its first bar; `undefined` when there is none. */
export function splitMessage(text: string): (TokenMessage & { readonly type: 'message' }) | undefined {
  const bar = text.indexOf('|');
  if (bar === -1) return undefined;
  return { type: 'message', receivers: text.slice(0, bar), body: text.slice(bar + 1) };
}

/** True when a token can be addressed: it is not empty, and nothing in it ends a receiver (S4 §3, §4.1). */
export function isToken(text: string): boolean {
  return text !== '' && !text.includes(',') && !text.includes('|') && text.trim() === text;
}

/** Whom a message is for (S4 §2.1). */
export interface Receivers {
  /** Tokens that are meant by their whole name. */
  readonly tokens: ReadonlySet<string>;
  /** Each ends in a slash and means all tokens that start with it. None is the start of another. */
  readonly prefixes: readonly string[];
}

/** Reads the part before the bar: entries between commas, with blanks around them, empty ones for nobody. */
export function parseReceivers(list: string): Receivers {
  const tokens = new Set<string>();
  const found: string[] = [];
  for (const part of list.split(',')) {
    const entry = part.trim();
    if (entry.endsWith('/')) found.push(entry);
    else if (entry !== '') tokens.add(entry);
  }
  const prefixes: string[] = [];
  // In order, what another prefix covers follows that one.
  for (const prefix of found.sort()) {
    if (!prefix.startsWith(prefixes.at(-1) ?? ',')) prefixes.push(prefix);
  }
  return { tokens, prefixes };
}

/**
 * A body as the original sends it: what Go's JSON encoder makes of it, and a line end (S4 §1.2). Unlike
 * `JSON.stringify` it escapes what could end a script in a page.
 */
export function encodeJsonFrame(body: string): string {
  const json = JSON.stringify(body.replace(LONE_SURROGATE, '\ufffd'));
  return `${json.replace(UNSAFE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)}\n`;
}

const UNSAFE = /[<>&\u2028\u2029]/g;
const LONE_SURROGATE = /[\ud800-\udfff]/gu;
