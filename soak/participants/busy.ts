import { setTimeout as delay } from 'node:timers/promises';
import type { SeededRandom } from '../random.ts';
import type { Participant } from './participant.ts';

/** Keys of a room's state that participants count up, and those that they set and take away. */
export const COUNTERS: readonly string[] = ['count a', 'count b'];
const KEYS: readonly string[] = ['red', 'green', 'blue'];

/** Mostly small, now and then larger than a page of history likes. */
const FILLS = ['', 'x'.repeat(40), 'y'.repeat(300), 'z'.repeat(8000)] as const;

/** What participants do all the time: they talk, count and change things until they are told to stop. */
export class Busy {
  readonly #gapMs: number;
  readonly #loops: Promise<void>[] = [];
  #isOver = false;

  /** Each pauses about `gapMs` between two things that it does. */
  constructor(gapMs: number) {
    this.#gapMs = gapMs;
  }

  /** `lines`: how many things the participant does at a time. */
  start(participant: Participant, random: SeededRandom, lines: number): void {
    for (let line = 0; line < lines; line++) {
      this.#loops.push(this.#loop(participant, random.fork(), `${participant.name}.${line}`));
    }
  }

  /** Resolves when everybody was told of the last thing; false when that took longer than `withinMs`. */
  async stop(withinMs: number): Promise<boolean> {
    this.#isOver = true;
    const patience = new AbortController();
    const all = Promise.all(this.#loops).then(() => true);
    const isOver = delay(withinMs, false, { signal: patience.signal });
    isOver.catch(() => undefined);
    const isDone = await Promise.race([all, isOver]);
    patience.abort();
    return isDone;
  }

  async #loop(participant: Participant, random: SeededRandom, prefix: string): Promise<void> {
    for (let number = 1; !this.#isOver; number++) {
      const what = random.next();
      if (what < 0.8) await participant.say(`${prefix}-${number}`, random.pick(FILLS));
      else if (what < 0.9) await participant.increment(random.pick(COUNTERS));
      else await participant.set(random.pick(KEYS), random.chance(0.2) ? undefined : `${prefix}-${number}`);
      await delay(random.next() * 2 * this.#gapMs);
    }
  }
}
