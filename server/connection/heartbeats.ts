import { HeartbeatWheel } from './heartbeat-wheel.ts';

/** The heartbeats of a server: its own, and those that clients ask for. */
export class Heartbeats {
  readonly #usual: HeartbeatWheel;
  readonly #answerMs: number;
  readonly #asked = new Map<number, HeartbeatWheel>();

  /** `usualMs`: time between two beats where nobody asked for another; 0 = never. */
  constructor(usualMs: number) {
    this.#usual = new HeartbeatWheel(usualMs);
    this.#answerMs = usualMs === 0 ? ANSWER_MS : Math.min(usualMs, ANSWER_MS);
  }

  /**
   * The wheel for a connection that asked for a beat at least every so many ms; without a wish, the usual one.
   * Wishes that are nearly the same share a wheel, so that there are few.
   */
  wheel(askedMs: number | undefined): HeartbeatWheel {
    if (askedMs === undefined) return this.#usual;
    const ms = step(askedMs);
    let wheel = this.#asked.get(ms);
    if (wheel === undefined) {
      // However often it beats, a slow line has time to answer.
      wheel = new HeartbeatWheel(ms, Math.max(1, Math.ceil(this.#answerMs / ms)));
      this.#asked.set(ms, wheel);
    }
    return wheel;
  }

  stop(): void {
    this.#usual.stop();
    for (const wheel of this.#asked.values()) wheel.stop();
  }
}

/** The next lower of a few round numbers. */
function step(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(ms));
  return (STEPS.findLast((value) => value * power <= ms) ?? 1) * power;
}

const STEPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];
/** How long anybody has to answer who was not to answer sooner anyway. */
const ANSWER_MS = 10_000;
