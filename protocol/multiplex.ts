/**
 * The multiplex wire (S2 §1): `type,topic[,payload]`, one text per message.
 *
 * A topic travels in the form the old global `escape()` gives it, so it never holds a comma and a message
 * splits on its first two commas; the payload is the rest, commas and all.
 */

export type MultiplexType = 'sub' | 'msg' | 'uns';

export interface MultiplexFrame {
  readonly type: MultiplexType;
  /** As it stood on the wire, still escaped. */
  readonly topic: string;
  /** Empty when the frame had none: `msg,ann` and `msg,ann,` mean the same. */
  readonly payload: string;
}

/** Reads one frame; `undefined` for anything the protocol says to ignore. */
export function decodeFrame(text: string): MultiplexFrame | undefined {
  // Every type is three characters long and followed by a comma, so the topic starts at 4.
  if (text.charCodeAt(3) !== COMMA) return undefined;
  const type = text.slice(0, 3);
  if (type !== 'msg' && type !== 'sub' && type !== 'uns') return undefined;
  const comma = text.indexOf(',', 4);
  return comma === -1
    ? { type, topic: text.slice(4), payload: '' }
    : { type, topic: text.slice(4, comma), payload: text.slice(comma + 1) };
}

/** Writes one frame. `topic` is already escaped. */
export function encodeFrame(type: MultiplexType, topic: string, payload?: string): string {
  return payload === undefined ? `${type},${topic}` : `${type},${topic},${payload}`;
}

/**
 * The old global `escape()` (ECMA-262 Annex B.2.1): letters, digits and `@*_+-./` stay, other Latin-1 code
 * units become `%XX`, the rest `%uXXXX`, always in upper-case hex.
 */
export function escapeTopic(name: string): string {
  if (!NEEDS_ESCAPE.test(name)) return name;
  let escaped = '';
  for (let i = 0; i < name.length; i++) {
    const unit = name.charCodeAt(i);
    const character = name.charAt(i);
    if (!NEEDS_ESCAPE.test(character)) escaped += character;
    else if (unit < 256) escaped += `%${hex(unit, 2)}`;
    else escaped += `%u${hex(unit, 4)}`;
  }
  return escaped;
}

/**
 * Undoes {@link escapeTopic}, in either hex case. A topic with a bad escape is taken literally as a whole
 * (S2 §1.1). UTF-8 percent sequences are no alias: `%C3%BC` is the name `Ã¼`.
 */
export function unescapeTopic(topic: string): string {
  if (!topic.includes('%')) return topic;
  if (BAD_ESCAPE.test(topic)) return topic;
  return topic.replace(ESCAPE, (_, wide: string | undefined, narrow: string | undefined) =>
    String.fromCharCode(Number.parseInt(wide ?? narrow ?? '', 16)),
  );
}

const COMMA = 44;
const NEEDS_ESCAPE = /[^A-Za-z0-9@*_+\-./]/;
const ESCAPE = /%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})/g;
const BAD_ESCAPE = /%(?!u[0-9a-fA-F]{4}|[0-9a-fA-F]{2})/;

function hex(unit: number, width: number): string {
  return unit.toString(16).toUpperCase().padStart(width, '0');
}
