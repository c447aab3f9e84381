/** A piece of a text: plain, or an address that may be followed. */
export interface TextPiece {
  readonly text: string;
  readonly href: string | null;
}

/** Cuts a text at its web addresses. Only `http` and `https` count; joined, the pieces are the text again. */
export function linkify(text: string): TextPiece[] {
  const pieces: TextPiece[] = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    // A full stop or a bracket after an address belongs to the sentence around it.
    const address = match[0].replace(/[.,:;!?'")\]}]+$/, '');
    const href = asAddress(address);
    if (href === null) continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), href: null });
    pieces.push({ text: address, href });
    end = match.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), href: null });
  return pieces;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>]+/gi;

function asAddress(text: string): string | null {
  try {
    const { protocol, href } = new URL(text);
    return protocol === 'http:' || protocol === 'https:' ? href : null;
  } catch {
    return null;
  }
}
