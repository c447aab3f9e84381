import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * Sends a frame to the first `count` of `sockets`, which are file descriptors, with one call into native code. Each
 * of them is replaced with the number of bytes that its socket took at once: 0 when it is full, gone or -1. Answers
 * how many did not take the whole frame. Sends past libuv, so nothing may be queued for these sockets there.
 */
export type SendToAll = (frame: Uint8Array, sockets: Int32Array, count: number) => number;

/** File name of the built addon. */
export const ADDON = 'send-to-all.node';

/**
 * The addon that was built into a folder, or `undefined` where there is none that this Node can load: it takes a C
 * compiler to make it, and the server does without (docs/decisions/0021).
 */
export function loadSendToAll(folder: string): SendToAll | undefined {
  try {
    const addon = createRequire(import.meta.url)(join(folder, ADDON)) as { sendToAll: SendToAll };
    return addon.sendToAll;
  } catch {
    return undefined;
  }
}
