import type { TransportName } from '../../client/index.ts';
import { type LatencySummary, summarize } from './latency-statistics.ts';
import { RingBuffer } from './ring-buffer.ts';

/** One ping: when it was sent, in ms since the run began, and its round trip; `null` when it was lost. */
export interface Sample {
  readonly at: number;
  readonly roundTrip: number | null;
}

/** Newest samples that figures and chart are made of. */
export const SAMPLES_KEPT = 3_000;
/** A ping without an answer for this long counts as lost. */
export const LOST_AFTER_MS = 5_000;

/** Pings over one transport: what was sent, what came back, and what that amounts to. */
export class LatencyRun {
  readonly transport: TransportName;
  readonly samples = new RingBuffer<Sample>(SAMPLES_KEPT);
  readonly #startedAt: number;
  readonly #outstanding = new Map<number, number>();
  #nextNumber = 1;
  #answered = 0;
  #lost = 0;
  #summary: LatencySummary | null | undefined;

  /** `now` is any clock in ms; the same must serve all calls. */
  constructor(transport: TransportName, now: number) {
    this.transport = transport;
    this.#startedAt = now;
  }

  get answered(): number {
    return this.#answered;
  }

  get lost(): number {
    return this.#lost;
  }

  /** Share of the decided pings that were lost, 0 to 1. */
  get loss(): number {
    const decided = this.#answered + this.#lost;
    return decided === 0 ? 0 : this.#lost / decided;
  }

  /** Over the newest samples; `null` before the first answer. */
  get summary(): LatencySummary | null {
    if (this.#summary === undefined) {
      const times: number[] = [];
      for (const { roundTrip } of this.samples) if (roundTrip !== null) times.push(roundTrip);
      this.#summary = summarize(times);
    }
    return this.#summary;
  }

  /** ms since the run began. */
  elapsed(now: number): number {
    return now - this.#startedAt;
  }

  /** Notes that a ping goes out; returns its number. */
  send(now: number): number {
    const number = this.#nextNumber++;
    this.#outstanding.set(number, now);
    return number;
  }

  /** Notes an answer. Strangers and answers that came too late change nothing. */
  receive(number: number, now: number): void {
    const sentAt = this.#outstanding.get(number);
    if (sentAt === undefined) return;
    this.#outstanding.delete(number);
    this.#answered += 1;
    this.#record({ at: sentAt - this.#startedAt, roundTrip: now - sentAt });
  }

  /** Gives up on pings that are out for too long. */
  expire(now: number): void {
    for (const [number, sentAt] of this.#outstanding) {
      if (now - sentAt < LOST_AFTER_MS) break;
      this.#lose(number, sentAt);
    }
  }

  /** Gives up on every ping that is out: the connection is gone. */
  loseAll(): void {
    for (const [number, sentAt] of this.#outstanding) this.#lose(number, sentAt);
  }

  /** Lets go of every ping that is out, because nobody waits for it any more: that is no loss. */
  abandon(): void {
    this.#outstanding.clear();
  }

  #lose(number: number, sentAt: number): void {
    this.#outstanding.delete(number);
    this.#lost += 1;
    this.#record({ at: sentAt - this.#startedAt, roundTrip: null });
  }

  #record(sample: Sample): void {
    this.samples.push(sample);
    this.#summary = undefined;
  }
}
