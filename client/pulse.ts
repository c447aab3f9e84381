import type { Clock } from './clock.ts';

/** What a line is asked for, and how long that may take; in ms. */
export interface PulseTimes {
  /** Silence for so long, and the server is asked for a sign of life. */
  readonly beatMs: number;
  /** Within which one has to come. */
  readonly patienceMs: number;
  /** For lines that cannot ask: silence for so long is death; `Infinity`: any silence is fine. */
  readonly silenceMs: number;
}

/** What a {@link Pulse} wants of its line. */
export interface PulseListener {
  beat(): void;
  /** Nothing arrives any more, or nothing that is sent. */
  dead(reason: string): void;
}

/** A timer that rings later than this was held up: the computer slept, or the page was frozen. */
const HELD_UP_MS = 3000;

/** Bytes a ms that a line is trusted to take: a beat waits behind what was sent before it, and nobody sees how long. */
const SLOWEST_LINE = 4;

/** While other things arrive, an answer may take so many times the patience. */
const BUSY = 3;

/**
 * Finds out in seconds that a line is dead although nobody closed it. Silence is answered by a beat, and a beat that
 * nothing follows means death. Whatever arrives is a sign of life; that what is sent arrives too, answers tell alone.
 */
export class Pulse {
  readonly #clock: Clock;
  readonly #times: PulseTimes;
  readonly #listener: PulseListener;
  readonly #canBeat: boolean;
  #heardAt: number;
  /** Of the beat that was not answered yet. */
  #beatAt: number | null;
  #hasAnswered: boolean;
  /** Bytes, about, since something was last answered. */
  #sent = 0;
  #dueAt = Infinity;
  #cancel: () => void = () => undefined;

  /** `beat`: whether one is on its way already (`sent`), was answered before, or is out of the question (`never`). */
  constructor(clock: Clock, times: PulseTimes, beat: 'sent' | 'answered' | 'never', listener: PulseListener) {
    this.#clock = clock;
    this.#times = times;
    this.#listener = listener;
    this.#canBeat = beat !== 'never';
    this.#heardAt = clock.now();
    this.#beatAt = beat === 'sent' ? this.#heardAt : null;
    this.#hasAnswered = beat === 'answered';
    this.#look();
  }

  heard(): void {
    this.#heardAt = this.#clock.now();
  }

  /** Something leaves that may keep a beat waiting. */
  sends(bytes: number): void {
    this.#sent += bytes;
  }

  /** A beat was answered. */
  answered(): void {
    this.heard();
    this.#sent = 0;
    this.#beatAt = null;
    this.#hasAnswered = true;
  }

  /** The page is looked at again, or the network is back: asks at once. */
  wake(): void {
    if (!this.#canBeat) {
      this.#look();
      return;
    }
    const now = this.#clock.now();
    this.#heardAt = now;
    this.#ask(now);
    this.#schedule(this.#patienceMs);
  }

  /** There is another sign that the line is dead: silence counts already when it lasts for so long. */
  doubt(ms: number): void {
    if (this.#clock.now() - this.#heardAt < ms) return;
    this.#die('the line went silent');
  }

  stop(): void {
    this.#cancel();
  }

  #look(): void {
    const now = this.#clock.now();
    if (now - this.#dueAt > HELD_UP_MS && this.#canBeat) {
      this.wake();
      return;
    }
    // The clock was set back: what was heard or asked then counts as now.
    this.#heardAt = Math.min(this.#heardAt, now);
    if (this.#beatAt !== null) this.#beatAt = Math.min(this.#beatAt, now);
    const { beatMs, silenceMs } = this.#times;
    const patienceMs = this.#patienceMs;
    if (!this.#canBeat || this.#isUnanswering(now)) {
      this.#await(this.#heardAt + silenceMs - now, () => this.#die('the line went silent'));
    } else if (this.#beatAt === null) {
      this.#await(this.#heardAt + beatMs - now, () => {
        this.#ask(now);
        this.#schedule(patienceMs);
      });
    } else if (this.#heardAt > this.#beatAt) {
      this.#await(this.#beatAt + patienceMs * BUSY - now, () => this.#die('nothing that is sent arrives'));
    } else {
      this.#await(this.#beatAt + patienceMs - now, () => this.#die('the line went silent'));
    }
  }

  get #patienceMs(): number {
    return this.#times.patienceMs + this.#sent / SLOWEST_LINE;
  }

  /** It talks and never answered a beat: the server is one that does not know them. */
  #isUnanswering(now: number): boolean {
    if (this.#hasAnswered || this.#beatAt === null) return false;
    return this.#heardAt > this.#beatAt && now - this.#beatAt >= this.#patienceMs;
  }

  #await(ms: number, due: () => void): void {
    if (ms <= 0) due();
    else this.#schedule(ms);
  }

  #schedule(ms: number): void {
    this.#cancel();
    // Any silence is fine.
    if (ms === Infinity) return;
    this.#dueAt = this.#clock.now() + ms;
    this.#cancel = this.#clock.after(ms, () => this.#look());
  }

  #ask(now: number): void {
    this.#beatAt = now;
    this.#listener.beat();
  }

  #die(reason: string): void {
    this.#cancel();
    this.#listener.dead(reason);
  }
}
