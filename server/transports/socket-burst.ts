import type { FlushGroup } from '../connection/wire.ts';
import type { SendToAll } from './native/send-to-all.ts';

/** A line whose frames may go to the kernel together with those of others. */
export interface BurstLine {
  /** File descriptor of its socket; -1 when that is gone. */
  readonly descriptor: number;
  /** Told when the kernel did not take the whole frame at once: `taken` bytes of it are sent, the rest is up to the line. */
  finish(frame: Buffer, taken: number): void;
}

/**
 * Frames that lines write while their wire is flushed. Lines that are given the same frame one after another, as the
 * members of a room are, are served with one native call.
 */
export class SocketBurst implements FlushGroup {
  readonly #sendToAll: SendToAll;
  readonly #lines: (BurstLine | undefined)[] = Array.from({ length: BURST });
  readonly #sockets = new Int32Array(BURST);
  #frame: Buffer = NO_FRAME;
  #count = 0;
  /** The most lines that one call of this flush had. */
  #most = 0;
  #isOpen = false;

  constructor(sendToAll: SendToAll) {
    this.#sendToAll = sendToAll;
  }

  /** Whether frames are collected: only while a wire is flushed, so that nothing else gets between. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  begin(): void {
    this.#isOpen = true;
  }

  /** Takes a frame for a line that has nothing on its way. */
  add(line: BurstLine, frame: Buffer): void {
    if (frame !== this.#frame || this.#count === BURST) {
      this.#send();
      this.#frame = frame;
    }
    this.#lines[this.#count++] = line;
  }

  end(): void {
    this.#send();
    this.#isOpen = false;
    // Holds on to nobody who may go.
    this.#frame = NO_FRAME;
    this.#lines.fill(undefined, 0, this.#most);
    this.#most = 0;
  }

  #send(): void {
    const count = this.#count;
    if (count === 0) return;
    this.#count = 0;
    this.#most = Math.max(this.#most, count);
    const frame = this.#frame;
    const lines = this.#lines;
    const sockets = this.#sockets;
    for (let i = 0; i < count; i++) sockets[i] = lines[i]?.descriptor ?? -1;
    let unfinished = this.#sendToAll(frame, sockets, count);
    for (let i = 0; unfinished > 0 && i < count; i++) {
      const taken = sockets[i] ?? 0;
      if (taken === frame.length) continue;
      unfinished--;
      lines[i]?.finish(frame, taken);
    }
  }
}

/** Lines served with one call. */
const BURST = 1024;
const NO_FRAME = Buffer.alloc(0);
