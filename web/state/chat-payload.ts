/** What this app publishes into a room. `cid` lets the sender recognise its own message. */
export interface ChatPayload {
  readonly text: string;
  readonly cid: string;
}

/** A publication as the chat shows it. */
export interface Spoken {
  readonly text: string;
  /** `null` when it was not published by this app. */
  readonly cid: string | null;
  /** False when something else than a text was published, which {@link Spoken.text} then spells out as JSON. */
  readonly isText: boolean;
}

/** Reads what anybody, not only this app, published into a room. */
export function readPayload(data: unknown): Spoken {
  if (typeof data === 'string') return { text: data, cid: null, isText: true };
  if (typeof data === 'object' && data !== null && 'text' in data && typeof data.text === 'string') {
    const cid = 'cid' in data && typeof data.cid === 'string' && CID.test(data.cid) ? data.cid : null;
    return { text: data.text, cid, isText: true };
  }
  return { text: data === undefined ? '' : JSON.stringify(data), cid: null, isText: false };
}

/** 120 random bits; `crypto.randomUUID` is missing on pages that came over plain HTTP. */
export function newCid(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(15)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/** Long enough that nobody guesses one; never the shape of a key made here. */
const CID = /^[\w-]{16,64}$/;
