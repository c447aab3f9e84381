import { isUtf8 } from 'node:buffer';

/** What stands at a place in a chunk of bytes from a WebSocket client. */
export type SmallFrame =
  /** A whole text message. `end` is where the next frame starts. */
  | { readonly type: 'text'; readonly text: string; readonly end: number }
  | { readonly type: 'pong'; readonly end: number }
  /** Anything else: a frame that goes on in the next chunk, a fragment, another opcode, a mistake. */
  | { readonly type: 'other' };

/**
 * Reads the frames that make up nearly all traffic: unfragmented masked text of up to 64 KiB that came in one
 * piece, and pongs (RFC 6455 §5.2). It unmasks in place, and only what it then returns.
 */
export function readSmallFrame(chunk: Buffer, at: number, maxPayload: number): SmallFrame {
  const first = chunk[at];
  const second = chunk[at + 1];
  if (second === undefined || second < MASKED) return OTHER;
  let length = second - MASKED;
  let mask = at + 2;
  if (length === 126) {
    if (mask + 2 > chunk.length) return OTHER;
    length = chunk.readUInt16BE(mask);
    // A length that fits into less must be written in less; `ws` lets it pass, so it is for `ws` to judge.
    if (length < 126) return OTHER;
    mask += 2;
  } else if (length === 127) {
    return OTHER;
  }
  const start = mask + 4;
  const end = start + length;
  if (end > chunk.length) return OTHER;
  if (first === FIN_PONG) return length <= 125 ? { type: 'pong', end } : OTHER;
  if (first !== FIN_TEXT || (maxPayload !== 0 && length > maxPayload)) return OTHER;
  unmask(chunk, mask, start, end);
  const payload = chunk.subarray(start, end);
  if (isUtf8(payload)) return { type: 'text', text: payload.toString('utf8'), end };
  unmask(chunk, mask, start, end);
  return OTHER;
}

const FIN_TEXT = 0x81;
const FIN_PONG = 0x8a;
const MASKED = 0x80;
const OTHER: SmallFrame = { type: 'other' };

/** Its own inverse. */
function unmask(chunk: Buffer, mask: number, start: number, end: number): void {
  for (let i = start; i < end; i++) {
    chunk[i] = (chunk[i] ?? 0) ^ (chunk[mask + ((i - start) & 3)] ?? 0);
  }
}
