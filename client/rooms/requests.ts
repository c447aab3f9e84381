import type { Clock } from '../clock.ts';
import { RoomplexError } from '../errors.ts';

/** What became of a request. */
export type Answer =
  | { readonly type: 'accepted'; readonly body: unknown }
  | { readonly type: 'refused'; readonly error: RoomplexError }
  /** It is too long or nests too deep for the server to read, so it was not done, however often it was sent. */
  | { readonly type: 'unreadable'; readonly error: RoomplexError }
  /** The way to the server is gone; what was asked may have been done all the same. */
  | { readonly type: 'lost'; readonly error: RoomplexError }
  /** The server takes too long; it may have been done all the same, or be done yet. */
  | { readonly type: 'late'; readonly error: RoomplexError };

interface Request {
  readonly event: string;
  readonly sentAt: number;
  readonly settle: (answer: Answer) => void;
}

/** A server that takes longer has lost the request. */
export const ANSWER_MS = 30_000;

/** Unanswered requests at a time; who sends more does not look at the answers. */
const REQUEST_LIMIT = 10_000;

/** Requests on their way, by the id that their answers carry. */
export class Requests {
  readonly #clock: Clock;
  readonly #overdue: () => void;
  /** Oldest first: Maps keep the order of insertion. */
  readonly #requests = new Map<number, Request>();
  #lastId = 0;
  #cancelTimer: (() => void) | null = null;

  /** `overdue` is told before anybody is told that a server takes too long: it may find out that the line is dead. */
  constructor(clock: Clock, overdue: () => void) {
    this.#clock = clock;
    this.#overdue = overdue;
  }

  get isFull(): boolean {
    return this.#requests.size >= REQUEST_LIMIT;
  }

  /** Notes a request and names its id. `settle` is called once. */
  add(event: string, settle: (answer: Answer) => void): number {
    this.#lastId += 1;
    this.#requests.set(this.#lastId, { event, sentAt: this.#clock.now(), settle });
    if (this.#cancelTimer === null) this.#arm(ANSWER_MS);
    return this.#lastId;
  }

  /** Does nothing when nobody waits for this id. */
  settle(id: number, answer: Answer): void {
    const request = this.#requests.get(id);
    if (request === undefined) return;
    this.#requests.delete(id);
    if (this.#requests.size === 0) this.#disarm();
    request.settle(answer);
  }

  /** Tells all that the way to the server is gone. */
  abandon(reason: string): void {
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    this.#disarm();
    for (const request of requests) {
      const error = new RoomplexError('unknown-outcome', `${reason} before ${request.event} was answered`);
      request.settle({ type: 'lost', error });
    }
  }

  // One timer for all, set for the oldest.
  #arm(ms: number): void {
    this.#cancelTimer = this.#clock.after(ms, () => {
      this.#cancelTimer = null;
      this.#expire();
    });
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  #expire(): void {
    this.#overdue();
    const now = this.#clock.now();
    const expired: Request[] = [];
    let leftMs: number | undefined;
    for (const [id, request] of this.#requests) {
      const left = request.sentAt + ANSWER_MS - now;
      if (left > 0) {
        leftMs = left;
        break;
      }
      this.#requests.delete(id);
      expired.push(request);
    }
    if (leftMs !== undefined) this.#arm(leftMs);
    for (const request of expired) {
      const error = new RoomplexError('timeout', `the server did not answer ${request.event}`);
      request.settle({ type: 'late', error });
    }
  }
}
