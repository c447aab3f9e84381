import type { Clock } from '../clock.ts';

interface Alarm {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  readonly #alarms = new Set<Alarm>();
  #elapsed = 0;
  #startedAt = 1_700_000_000_000;

  now(): number {
    return this.#startedAt + this.#elapsed;
  }

  after(ms: number, callback: () => void): () => void {
    const alarm = { at: this.#elapsed + ms, callback };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  /** Goes on, and rings what is due on the way in the right order. */
  advance(ms: number): void {
    const until = this.#elapsed + ms;
    for (;;) {
      const due = [...this.#alarms].filter((alarm) => alarm.at <= until).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.#alarms.delete(due);
      this.#elapsed = Math.max(this.#elapsed, due.at);
      due.callback();
    }
    this.#elapsed = until;
  }

  /** Sets the time of day without any of it having passed, as a user or a time server may. */
  set(ms: number): void {
    this.#startedAt += ms;
  }

  get alarms(): number {
    return this.#alarms.size;
  }
}
