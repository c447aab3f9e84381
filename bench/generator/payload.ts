/** Every payload has this length: `#PPPP#SSSSSSS#` (publisher, sequence number) and filler. */
export const PAYLOAD_BYTES = 100;

/** The publisher number of messages that only ask who is there. */
export const PROBE = 9999;

const PUBLISHER_AT = 1;
const SEQUENCE_AT = 6;
const HASH = 35;
const ZERO = 48;
const FILLER = 'the quick brown fox jumps over the lazy dog while others look on, wondering. '.repeat(2);

/** Writes the payload of one message. */
export function encodePayload(publisher: number, sequence: number): string {
  const head = `#${String(publisher).padStart(4, '0')}#${String(sequence).padStart(7, '0')}#`;
  return `${head}${FILLER}`.slice(0, PAYLOAD_BYTES - 1) + '#';
}

/** Three marks stand where {@link encodePayload} puts them. */
export function hasMarks(bytes: Buffer, at: number): boolean {
  return bytes[at] === HASH && bytes[at + 5] === HASH && bytes[at + PAYLOAD_BYTES - 1] === HASH;
}

export function publisherOf(bytes: Buffer, at: number): number {
  return digits(bytes, at + PUBLISHER_AT, 4);
}

export function sequenceOf(bytes: Buffer, at: number): number {
  return digits(bytes, at + SEQUENCE_AT, 7);
}

/** NaN-free on purpose: a byte that is no digit gives a number nobody waits for. */
function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) value = value * 10 + ((bytes[i] ?? 0) - ZERO);
  return value;
}
