import type { Absence } from './absence.ts';
import { describeEnd } from './close-words.ts';
import type { LogFrame, LogNote } from './frame-log.ts';
import type { Line, LineEnd, LineListener } from './lines/line.ts';

/** `lost`: the connection is gone and the line tries to get it back, as channels do. */
export type SessionPhase = 'connecting' | 'open' | 'lost' | 'closing' | 'closed';

/** What a session tells its client. */
export interface SessionListener {
  /** Something about the session is different. */
  changed(): void;
  frame(direction: LogFrame['direction'], data: string | ArrayBuffer): void;
  note(text: string, tone: LogNote['tone']): void;
}

/** One connection of a client, from the first try to the end; texts given too early wait until it is open. */
export class TrySession {
  readonly #listener: SessionListener;
  readonly #explain: () => Promise<Absence>;
  readonly #line: Line;
  #phase: SessionPhase = 'connecting';
  #transport: string | null = null;
  #waiting: string[] = [];
  #received: readonly string[] = [];
  #wasOpen = false;
  #end: string | null = null;
  #hasFailed = false;
  #wasRefused = false;

  /** `explain` is asked, at most once, why the server did not let the session in. */
  constructor(
    open: (listener: LineListener) => Line,
    explain: () => Promise<Absence>,
    listener: SessionListener,
  ) {
    this.#listener = listener;
    this.#explain = explain;
    this.#line = open({
      opened: (transport) => this.#opened(transport),
      message: (data) => this.#receive(data),
      noted: (what) => listener.note(what, 'calm'),
      lost: () => this.#lost(),
      closed: (end) => void this.#closed(end),
    });
  }

  get phase(): SessionPhase {
    return this.#phase;
  }

  /** What carries it, while it is open. */
  get transport(): string | null {
    return this.#transport;
  }

  /** How it ended, in words; `null` before. */
  get end(): string | null {
    return this.#end;
  }

  /** True when it ended before it was let in. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** True when it failed because the server did not want it; known a moment after it failed. */
  get wasRefused(): boolean {
    return this.#wasRefused;
  }

  /** The newest texts that came in, oldest first. */
  get received(): readonly string[] {
    return this.#received;
  }

  send(text: string): void {
    if (this.#phase === 'open') this.#sendNow(text);
    else if (this.#phase === 'connecting' || this.#phase === 'lost') this.#waiting.push(text);
  }

  close(): void {
    if (this.#phase === 'closing' || this.#phase === 'closed') return;
    this.#phase = 'closing';
    this.#waiting = [];
    this.#line.close();
    this.#listener.changed();
  }

  #opened(transport: string): void {
    this.#transport = transport;
    this.#wasOpen = true;
    this.#phase = 'open';
    this.#listener.note(`Connected over ${transport}`, 'calm');
    for (const text of this.#waiting.splice(0)) this.#sendNow(text);
    this.#listener.changed();
  }

  #receive(data: string | ArrayBuffer): void {
    if (typeof data === 'string') this.#received = [...this.#received, data].slice(-RECEIVED_KEPT);
    this.#listener.frame('received', data);
  }

  #lost(): void {
    this.#phase = 'lost';
    this.#transport = null;
    this.#listener.note('The connection was lost. Trying to get it back.', 'bad');
    this.#listener.changed();
  }

  async #closed(end: LineEnd): Promise<void> {
    const wasIn = this.#wasOpen && end.isRefusal !== true;
    const wasAsked = this.#phase === 'closing';
    const unsent = this.#waiting.splice(0).length;
    this.#transport = null;
    this.#phase = 'closed';
    this.#hasFailed = !wasIn && !wasAsked;
    this.#end = this.#hasFailed ? 'Could not connect' : describeEnd(end);
    this.#listener.changed();
    if (this.#hasFailed) {
      const said = end.reason === '' ? '' : ` The reason given: “${end.reason}”.`;
      const { words, isRefusal } = await this.#explain();
      this.#wasRefused = isRefusal;
      this.#listener.note(`Could not connect. ${words}${said}`, 'bad');
    } else this.#listener.note(`${this.#end}.`, wasAsked || end.code === 1000 ? 'calm' : 'bad');
    if (unsent > 0) this.#listener.note('What was waiting was not sent.', 'bad');
  }

  #sendNow(text: string): void {
    this.#listener.frame('sent', text);
    try {
      this.#line.send(text);
    } catch (error) {
      this.#listener.note(`Not sent: ${String(error)}`, 'bad');
    }
  }
}

const RECEIVED_KEPT = 50;
