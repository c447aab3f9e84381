import { CloseCode } from '../../protocol/close-codes.ts';
import type { Clock } from '../clock.ts';
import type { TransportName } from '../types.ts';
import type { Line, LineEnd, LineListener } from './line.ts';

/** One way to try: a transport, or several that are tried together. */
export type Rung = (listener: LineListener) => Line;

/** What came of it; {@link DialListener.failed} or {@link DialListener.opened} is told, once. */
export interface DialListener {
  opened(line: Line, transport: TransportName): void;
  failed(end: LineEnd): void;
  heard(): void;
  beatAnswered(lagMs: number | null): void;
  message(text: string): void;
  closed(end: LineEnd): void;
}

/** Nothing that takes longer is worth waiting for. */
const DEADLINE_MS = 60_000;

interface Attempt {
  line: Line | null;
}

/**
 * Tries the rungs one after another, and the next one at once when one fails. A rung that says nothing for
 * the length of the head start is not given up: the next one starts beside it, and the first to open wins.
 * So a network that swallows WebSocket handshakes costs the head start and no more, and one that is only slow
 * still gets its WebSocket.
 */
export class Dialing {
  readonly #clock: Clock;
  readonly #listener: DialListener;
  readonly #headStartMs: number;
  readonly #untried: Rung[];
  readonly #attempts = new Set<Attempt>();
  #winner: Attempt | null = null;
  #isOver = false;
  #cancelHeadStart: () => void = () => undefined;
  readonly #cancelDeadline: () => void;

  constructor(rungs: readonly Rung[], headStartMs: number, clock: Clock, listener: DialListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#headStartMs = headStartMs;
    this.#untried = [...rungs];
    this.#cancelDeadline = clock.after(DEADLINE_MS, () => {
      this.#fail({ code: CloseCode.abnormal, reason: 'no transport opened in time', isClean: false });
    });
    this.#tryNext();
  }

  /** Gives up; nothing more is told. */
  abandon(): void {
    this.#isOver = true;
    this.#cancelHeadStart();
    this.#cancelDeadline();
    for (const attempt of this.#attempts) void attempt.line?.close();
    this.#attempts.clear();
  }

  #tryNext(): void {
    const rung = this.#untried.shift();
    if (rung === undefined) return;
    const attempt: Attempt = { line: null };
    this.#attempts.add(attempt);
    attempt.line = rung({
      opened: (transport) => {
        this.#opened(attempt, transport);
      },
      heard: () => {
        if (this.#winner === attempt) this.#listener.heard();
      },
      beatAnswered: (lagMs) => {
        if (this.#winner === attempt) this.#listener.beatAnswered(lagMs);
      },
      message: (text) => {
        if (this.#winner === attempt) this.#listener.message(text);
      },
      closed: (end) => {
        if (this.#winner === attempt) this.#listener.closed(end);
        else this.#missed(attempt, end);
      },
    });
    this.#cancelHeadStart();
    if (this.#untried.length === 0) return;
    this.#cancelHeadStart = this.#clock.after(this.#headStartMs, () => {
      this.#tryNext();
    });
  }

  #opened(attempt: Attempt, transport: TransportName): void {
    const { line } = attempt;
    if (this.#isOver || line === null) return;
    this.#winner = attempt;
    this.#attempts.delete(attempt);
    this.abandon();
    this.#listener.opened(line, transport);
  }

  #missed(attempt: Attempt, end: LineEnd): void {
    if (this.#isOver) return;
    this.#attempts.delete(attempt);
    const isFinal = end.isClean && end.code >= 4500 && end.code <= 4999;
    if (isFinal || (this.#attempts.size === 0 && this.#untried.length === 0)) this.#fail(end);
    else if (this.#untried.length > 0) this.#tryNext();
  }

  #fail(end: LineEnd): void {
    this.abandon();
    this.#listener.failed(end);
  }
}
