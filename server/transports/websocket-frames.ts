/** Server-to-client WebSocket frames, unmasked and whole (RFC 6455 §5.2). */

/** A text frame. */
export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = headerLength(length);
  const frame = Buffer.allocUnsafe(header + length);
  writeHeader(frame, length);
  frame.write(text, header, length, 'utf8');
  return frame;
}

/** Text frames for several messages, one after the other in one buffer. */
export function textFrames(texts: readonly { readonly text: string; readonly bytes: number }[]): Buffer {
  let size = 0;
  for (const { bytes } of texts) size += headerLength(bytes) + bytes;
  const frames = Buffer.allocUnsafe(size);
  let at = 0;
  for (const { text, bytes } of texts) {
    at += writeHeader(frames, bytes, at);
    at += frames.write(text, at, bytes, 'utf8');
  }
  return frames;
}

/** An empty ping. */
export const PING = Buffer.from([0x89, 0]);

const FIN_TEXT = 0x81;

function headerLength(length: number): number {
  if (length < 126) return 2;
  return length < 65_536 ? 4 : 10;
}

/** Returns the header's length. */
function writeHeader(into: Buffer, length: number, at = 0): number {
  into[at] = FIN_TEXT;
  if (length < 126) {
    into[at + 1] = length;
    return 2;
  }
  if (length < 65_536) {
    into[at + 1] = 126;
    into.writeUInt16BE(length, at + 2);
    return 4;
  }
  into[at + 1] = 127;
  into.writeUInt32BE(0, at + 2);
  into.writeUInt32BE(length, at + 6);
  return 10;
}
