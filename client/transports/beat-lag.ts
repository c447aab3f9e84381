import type { Clock } from '../clock.ts';

/**
 * How much later the answer to a beat comes on a stream than the answer to the request that carried the beat. One
 * answer may be for several beats: it is measured by the oldest.
 */
export class BeatLag {
  readonly #clock: Clock;
  #beat: { takenAt: number | null; isSpoilt: boolean } | null = null;
  /** An answer more may come than was asked for. */
  #mayBeExtra = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A beat leaves. */
  leaves(): void {
    this.#beat ??= { takenAt: null, isSpoilt: this.#mayBeExtra };
    this.#mayBeExtra = false;
  }

  /** The request that it left with was answered. */
  taken(): void {
    if (this.#beat !== null) this.#beat.takenAt ??= this.#clock.now();
  }

  /** The request that it left with was refused. */
  returns(): void {
    if (this.#beat?.takenAt === null) this.#beat = null;
  }

  /** The request that it left with is sent again: it may be answered twice. */
  repeats(): void {
    this.spoils();
    this.#mayBeExtra = true;
  }

  /** Something was lost on the way: how long the answer takes says nothing about the stream. */
  spoils(): void {
    if (this.#beat !== null) this.#beat.isSpoilt = true;
  }

  /**
   * The lag in ms, 0 when the request has no answer yet; `null` when what was lost has spoilt it, `undefined` when
   * nothing was asked.
   */
  answered(): number | null | undefined {
    const beat = this.#beat;
    this.#beat = null;
    if (beat === null) return undefined;
    if (beat.isSpoilt) return null;
    return beat.takenAt === null ? 0 : Math.max(0, this.#clock.now() - beat.takenAt);
  }
}
