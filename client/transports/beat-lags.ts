import type { Clock } from '../clock.ts';

/** No more beats are waited for; the oldest is given up. */
const LIMIT = 16;

/** How much later the answers to beats come on a stream than the answers to the requests that carried them. */
export class BeatLags {
  readonly #clock: Clock;
  /** In the order they left. */
  readonly #beats: { takenAt: number | null }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A beat leaves. */
  leaves(): void {
    this.#beats.push({ takenAt: null });
    if (this.#beats.length > LIMIT) this.#beats.shift();
  }

  /** The one that left last was taken: its request was answered. */
  taken(): void {
    const beat = this.#beats.at(-1);
    if (beat !== undefined) beat.takenAt ??= this.#clock.now();
  }

  /** The one that left last did not get there. */
  returns(): void {
    this.#beats.pop();
  }

  /** The next one is answered. Its lag in ms, 0 when its request has no answer yet; `undefined` without a beat. */
  answered(): number | undefined {
    const beat = this.#beats.shift();
    if (beat === undefined) return undefined;
    return beat.takenAt === null ? 0 : Math.max(0, this.#clock.now() - beat.takenAt);
  }
}
