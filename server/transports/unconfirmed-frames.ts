/** How what a client says to have read goes with what it was sent. */
export type Confirmation = 'fits' | 'late' | 'impossible';

/** The message frames of a session that its client has not confirmed: they can be sent again, in order. */
export class UnconfirmedFrames {
  #frames: string[] = [];
  #confirmed = 0;
  /** Of {@link #frames}, the one that leaves next. */
  #next = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Some have to leave, for the first time or again. */
  get isBehind(): boolean {
    return this.#next < this.#frames.length;
  }

  /** One more, which has not left yet. */
  add(frame: string): void {
    this.#frames.push(frame);
    this.#bytes += Buffer.byteLength(frame);
  }

  /** The one that leaves next; only while {@link isBehind}. */
  take(): string {
    return this.#frames[this.#next++] ?? '';
  }

  /**
   * The client has read so many in all, and no other has arrived: what is left leaves again. `late`: it knew more
   * before, so this was said long ago.
   */
  confirm(seen: number): Confirmation {
    const count = seen - this.#confirmed;
    if (count < 0) return 'late';
    if (count > this.#frames.length) return 'impossible';
    for (const frame of this.#frames.splice(0, count)) this.#bytes -= Buffer.byteLength(frame);
    this.#confirmed = seen;
    this.#next = 0;
    return 'fits';
  }
}
