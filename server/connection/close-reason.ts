/** What fits into a close frame beside the code (RFC 6455 §5.5). */
const MAX_BYTES = 123;

/** A reason as long as a close frame may hold; a character that does not fit whole is left out. */
export function closeReason(text: string): string {
  if (text.length * 3 <= MAX_BYTES) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_BYTES) return text;
  let end = MAX_BYTES;
  // Not inside a character: its bytes after the first are 10xxxxxx.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}
