import type { Clock } from '../clock.ts';

interface Alarm {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  readonly #alarms = new Set<Alarm>();
  #now = 1_700_000_000_000;

  now(): number {
    return this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const alarm = { at: this.#now + ms, callback };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  /** Goes on, and rings what is due on the way in the right order. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const due = [...this.#alarms].filter((alarm) => alarm.at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#alarms.delete(due);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
    }
    this.#now = until;
  }

  /** Sets the time of day without any of it having passed, as a user or a time server may. */
  set(ms: number): void {
    this.#now += ms;
  }

  get alarms(): number {
    return this.#alarms.size;
  }
}
