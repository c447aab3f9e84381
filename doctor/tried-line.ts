import type { Line, LineEnd, LineListener } from '../client/transports/line.ts';
import { CloseCode } from '../protocol/close-codes.ts';
import { createDeferred } from '../client/deferred.ts';
import type { Path } from './path.ts';

/** Opens a line of the kind that is tried. */
export type LineOpener = (path: Path, listener: LineListener) => Line;

/** How a line went on. */
export type Fate = 'lived' | 'closed' | 'dead';

/** Nobody waits for longer until the other side has taken note that a line is closed. */
const GOODBYE_MS = 100;

/** One line to `/echo`, with a watch beside it. Whoever made it closes it. */
export class TriedLine {
  readonly #path: Path;
  readonly #line: Line;
  readonly #startedAt: number;
  readonly #opened = createDeferred<void>();
  readonly #over = createDeferred<void>();
  #heard: (text: string) => void = () => undefined;
  #beaten: (lagMs: number | null) => void = () => undefined;
  #openMs: number | null = null;
  #end: LineEnd | null = null;
  #livedMs: number | null = null;

  constructor(path: Path, open: LineOpener) {
    const { ticks } = path.environment;
    this.#path = path;
    this.#startedAt = ticks();
    this.#line = open(path, {
      opened: () => {
        this.#openMs = ticks() - this.#startedAt;
        this.#opened.resolve();
      },
      heard: () => undefined,
      beatAnswered: (lagMs) => {
        this.#beaten(lagMs);
      },
      message: (text) => {
        this.#heard(text);
      },
      // The client would go on, and nobody would know that something is in the way, unless it is known already.
      interrupted: () => {
        if (path.isErring) return;
        this.#ended({ code: CloseCode.abnormal, reason: 'a response broke off', isClean: false });
        void this.#line.close();
      },
      closed: (end) => this.#ended(end),
    });
  }

  #ended(end: LineEnd): void {
    this.#end = end;
    this.#livedMs = this.#path.environment.ticks() - this.#startedAt - (this.#openMs ?? 0);
    this.#over.resolve();
  }

  /** ms until it was open; `null` until then. */
  get openMs(): number | null {
    return this.#openMs;
  }

  /** How it ended; `null` until then. */
  get end(): LineEnd | null {
    return this.#end;
  }

  /** From its opening to its end, ms; `null` until then. */
  get livedMs(): number | null {
    return this.#livedMs;
  }

  /** Waits for the greeting. */
  async opens(patienceMs: number): Promise<boolean> {
    await this.#within(patienceMs, this.#opened.promise);
    return this.#openMs !== null && this.#end === null;
  }

  /** Sends so many characters and waits until they are back; answers the ms that took, or `null`. */
  async echo(length: number, patienceMs: number): Promise<number | null> {
    if (this.#end !== null) return null;
    const { ticks } = this.#path.environment;
    const back = createDeferred<void>();
    const text = `${Math.round(ticks())}.`.padEnd(length, '-');
    let tookMs: number | null = null;
    const sentAt = ticks();
    this.#heard = (answer) => {
      if (answer !== text) return;
      tookMs = ticks() - sentAt;
      back.resolve();
    };
    this.#line.send(text);
    await this.#within(patienceMs, back.promise);
    return tookMs;
  }

  /** How much later a sign of life came than it could have; `null` where it did not come or nothing tells. */
  async lag(patienceMs: number): Promise<number | null> {
    if (this.#end !== null || !this.#line.canBeat) return null;
    const back = createDeferred<void>();
    let lag: number | null = null;
    this.#beaten = (lagMs) => {
      lag = lagMs;
      back.resolve();
    };
    this.#line.beat();
    await this.#within(patienceMs, back.promise);
    return lag;
  }

  /** Says nothing for so long; answers whether the line was still there then. */
  async quiet(ms: number): Promise<boolean> {
    await this.#within(ms, new Promise<never>(() => undefined));
    return this.#end === null;
  }

  /** Quiet for so long, and then an echo. */
  async holds(ms: number, patienceMs: number): Promise<Fate> {
    if (!(await this.quiet(ms))) return 'closed';
    if ((await this.echo(16, patienceMs)) !== null) return 'lived';
    return this.#end === null ? 'dead' : 'closed';
  }

  async close(): Promise<void> {
    if (this.#end === null) await this.#within(GOODBYE_MS, this.#line.close());
  }

  /** Until it is so, the line is over, or patience is. */
  async #within(patienceMs: number, event: Promise<void>): Promise<void> {
    const waiting = new AbortController();
    await Promise.race([event, this.#over.promise, this.#path.pause(patienceMs, waiting.signal)]);
    waiting.abort();
  }
}
