import { createRequire } from 'node:module';
import type { Writable } from 'node:stream';

/** The parts of `ws` that its types leave out. */
interface FrameOptions {
  readonly fin: boolean;
  readonly opcode: number;
  readonly mask: boolean;
  readonly readOnly: boolean;
  readonly rsv1: boolean;
}

const { Receiver, Sender } = createRequire(import.meta.url)('ws') as {
  Receiver: new (options: { readonly isServer: boolean }) => Writable;
  Sender: { frame(payload: Buffer, options: FrameOptions): Buffer[] };
};

/** One frame, as a `ws` client writes it. */
export function clientFrame(
  opcode: number,
  payload: Buffer | string = '',
  { fin = true, mask = true }: { readonly fin?: boolean; readonly mask?: boolean } = {},
): Buffer {
  const options: FrameOptions = { fin, opcode, mask, readOnly: true, rsv1: false };
  return Buffer.concat(Sender.frame(Buffer.from(payload), options));
}

/** What the parser of `ws` makes of some bytes: `text …`, `binary …` in hex, `pong`, `error`. */
export function readFrames(bytes: Buffer, from: 'client' | 'server'): string[] {
  const receiver = new Receiver({ isServer: from === 'client' });
  const seen: string[] = [];
  receiver.on('message', (data: Buffer, isBinary: boolean) =>
    seen.push(isBinary ? `binary ${data.toString('hex')}` : `text ${data.toString()}`),
  );
  receiver.on('pong', () => seen.push('pong'));
  receiver.on('error', () => seen.push('error'));
  receiver.write(bytes);
  return seen;
}
