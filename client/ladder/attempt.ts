import type { Clock } from '../clock.ts';
import type { Line, LineEnd, LineListener } from '../transports/line.ts';
import type { TransportName } from '../types.ts';
import { LagMeter } from './lag-meter.ts';
import type { Rung } from './rungs.ts';

/** What a line has to show before it takes the place of one that works. */
export interface Probation {
  /** Answered beats. */
  readonly echoes: number;
  /** How long it has to live. */
  readonly survivalMs: number;
}

/** What became of an attempt; nothing more is told once it was retired. */
export interface AttemptListener {
  opened(attempt: Attempt): void;
  /** A beat was answered, the first or a later one. */
  echoed(attempt: Attempt, roundTripMs: number, isFirst: boolean): void;
  /** It has shown what it had to; once. */
  proved(attempt: Attempt): void;
  heard(attempt: Attempt): void;
  message(attempt: Attempt, text: string): void;
  /** A response broke off after so much quiet, and nothing was lost. */
  interrupted(attempt: Attempt, quietMs: number): void;
  closed(attempt: Attempt, end: LineEnd): void;
}

/** How often a stream that is in use is measured. */
const LAG_EVERY_MS = 1000;

/** How often a line is asked while it has to survive. */
const PROBATION_BEAT_MS = 1000;

/** One line under judgement: it opens, answers beats, and lives for a while. */
export class Attempt {
  readonly rung: Rung;
  readonly probation: Probation;
  readonly startedAt: number;
  readonly line: Line;
  /** Which transport it turned out to be. */
  transport: TransportName;
  openedAt: number | null = null;
  /** Of the first echo, in ms. */
  firstEchoMs: number | null = null;
  isProven = false;
  /** When something last moved on it, in either direction. */
  #movedAt: number;
  readonly #clock: Clock;
  readonly #listener: AttemptListener;
  readonly #lag = new LagMeter();
  #echoes = 0;
  #echoedAt = -Infinity;
  #beatAt: number | null = null;
  #isRetired = false;
  #cancelBeat: () => void = () => undefined;

  constructor(
    rung: Rung,
    open: (rung: Rung, listener: LineListener) => Line,
    probation: Probation,
    clock: Clock,
    listener: AttemptListener,
  ) {
    this.rung = rung;
    this.transport = rung.name;
    this.#clock = clock;
    this.probation = probation;
    this.#listener = listener;
    this.startedAt = clock.now();
    this.#movedAt = this.startedAt;
    this.line = open(rung, {
      opened: (transport) => {
        this.#opened(transport);
      },
      heard: () => {
        this.#movedAt = clock.now();
        if (!this.#isRetired) listener.heard(this);
      },
      beatAnswered: (lagMs) => {
        this.#answered(lagMs);
      },
      message: (text) => {
        this.#movedAt = clock.now();
        if (!this.#isRetired) listener.message(this, text);
      },
      interrupted: (quietMs) => {
        if (!this.#isRetired) listener.interrupted(this, quietMs);
      },
      closed: (end) => {
        this.#cancelBeat();
        if (!this.#isRetired) listener.closed(this, end);
      },
    });
  }

  get hasEchoed(): boolean {
    return this.firstEchoMs !== null || (this.openedAt !== null && !this.line.canBeat);
  }

  /** How much later than need be what is streamed arrives, at its best; `null`: not known. */
  get lagMs(): number | null {
    return this.#lag.lagMs;
  }

  /** How long nothing has moved on it, in ms. */
  get quietMs(): number {
    return this.#clock.now() - this.#movedAt;
  }

  get livedMs(): number {
    return this.openedAt === null ? 0 : this.#clock.now() - this.openedAt;
  }

  send(text: string): void {
    const now = this.#clock.now();
    this.#movedAt = now;
    this.line.send(text);
    // Who talks is never silent, and would never be asked: but a stream may become slow at any time.
    const isDue = this.firstEchoMs !== null && now - this.#echoedAt >= LAG_EVERY_MS;
    if (this.rung.kind === 'stream' && isDue && this.#beatAt === null) this.beat();
  }

  beat(): void {
    this.#movedAt = this.#clock.now();
    this.#beatAt ??= this.#movedAt;
    this.line.beat();
  }

  /** It is not needed any more. */
  async retire(): Promise<void> {
    this.#isRetired = true;
    this.#cancelBeat();
    await this.line.close();
  }

  #opened(transport: TransportName): void {
    if (this.#isRetired) return;
    this.transport = transport;
    this.openedAt = this.#clock.now();
    this.#movedAt = this.openedAt;
    this.#listener.opened(this);
    if (this.#isRetired) return;
    if (this.line.canBeat) this.beat();
    else this.#prove();
  }

  #answered(lagMs: number | null): void {
    const now = this.#clock.now();
    this.#movedAt = now;
    if (this.#isRetired || this.#beatAt === null) return;
    const roundTripMs = Math.max(0, now - this.#beatAt);
    this.#beatAt = null;
    this.#echoedAt = now;
    this.#echoes += 1;
    const isFirst = this.firstEchoMs === null;
    this.firstEchoMs ??= roundTripMs;
    if (lagMs !== null) this.#lag.add(lagMs);
    this.#listener.echoed(this, roundTripMs, isFirst);
    if (this.#isRetired) return;
    const { echoes, survivalMs } = this.probation;
    if (this.#echoes < echoes || this.#lag.isUnsure) this.beat();
    else if (this.isProven) return;
    else if (this.livedMs >= survivalMs) this.#prove();
    else this.#cancelBeat = this.#clock.after(PROBATION_BEAT_MS, () => this.beat());
  }

  #prove(): void {
    this.isProven = true;
    this.#listener.proved(this);
  }
}
