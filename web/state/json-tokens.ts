/** What a piece of JSON text is; `plain` stands for marks and blanks. */
export type JsonKind = 'name' | 'string' | 'number' | 'word' | 'plain';

export interface JsonToken {
  readonly text: string;
  readonly kind: JsonKind;
}

/** Cuts JSON text into pieces to be coloured; none is lost or added. */
export function tokensOf(json: string): readonly JsonToken[] {
  const tokens: JsonToken[] = [];
  let end = 0;
  for (const match of json.matchAll(TOKEN)) {
    const [text, string, colon, number] = match;
    if (match.index > end) tokens.push({ text: json.slice(end, match.index), kind: 'plain' });
    end = match.index + text.length;
    if (string !== undefined && colon !== undefined) {
      tokens.push({ text: string, kind: 'name' }, { text: colon, kind: 'plain' });
    } else {
      tokens.push({ text, kind: string !== undefined ? 'string' : number !== undefined ? 'number' : 'word' });
    }
  }
  if (end < json.length) tokens.push({ text: json.slice(end), kind: 'plain' });
  return tokens;
}

/** A string may be cut short. */
const TOKEN = /("(?:[^"\\]|\\.)*(?:"|$))(\s*:)?|(-?\d[\d.eE+-]*)|\b(?:true|false|null)\b/g;
