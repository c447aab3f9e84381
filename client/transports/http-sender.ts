import { CloseCode } from '../../protocol/close-codes.ts';
import type { Clock } from '../clock.ts';
import type { LineEnd, PostLimit } from './line.ts';
import { PostPace } from './post-pace.ts';
import { Retries } from './retries.ts';
import type { SessionRequests } from './session-requests.ts';

const utf8 = new TextEncoder();

interface Quoted {
  readonly json: string;
  readonly bytes: number;
}

/** What a sender tells. */
export interface SenderListener {
  /** The server has taken something: it is there. */
  heard(): void;
  /** A POST leaves that is a beat too. */
  beatLeaves(): void;
  /** The server has taken note of that POST. */
  beatTaken(): void;
  /** It was refused as it was, and will leave again. */
  beatReturns(): void;
  /** Nobody knows whether it arrived, and it leaves once more. */
  beatRepeats(): void;
  /** Nothing more will be sent. */
  failed(end: LineEnd): void;
}

/** Sends in order: one POST at a time, and what gathers meanwhile is the next. */
export class HttpSender {
  readonly #requests: SessionRequests;
  readonly #limit: PostLimit;
  readonly #clock: Clock;
  readonly #listener: SenderListener;
  readonly #pace = new PostPace();
  readonly #retries: Retries;
  /** Of the POST that leaves next. */
  #number = 1;
  #queue: Quoted[] = [];
  #wantsBeat = false;
  #bytes = 0;
  #pumping: Promise<void> | null = null;

  constructor(requests: SessionRequests, limit: PostLimit, clock: Clock, listener: SenderListener) {
    this.#requests = requests;
    this.#limit = limit;
    this.#clock = clock;
    this.#listener = listener;
    this.#retries = new Retries(clock);
  }

  /** Bytes whose arrival is not known yet. */
  get backlog(): number {
    return this.#bytes;
  }

  send(text: string): void {
    const json = JSON.stringify(text);
    const bytes = utf8.encode(json).length;
    this.#queue.push({ json, bytes });
    this.#bytes += bytes;
    this.#pumping ??= this.#pump();
  }

  beat(): void {
    this.#wantsBeat = true;
    this.#pumping ??= this.#pump();
  }

  /** Resolves when nothing is left to send, and the server knows that nothing more will come; or never will. */
  async leave(): Promise<void> {
    await this.#pumping;
    if (this.#pumping === null) await this.#requests.leave(this.#number);
  }

  /** The page goes away, and with it what is under way: the server hears only that nothing more will come. */
  part(): void {
    void this.#requests.leave(this.#number);
  }

  async #pump(): Promise<void> {
    // What is sent in one go leaves as one.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0 || this.#wantsBeat) {
        const end = await this.#post();
        if (end === undefined) continue;
        this.#listener.failed(end);
        return;
      }
    } catch (error) {
      this.#listener.failed(broken(`what was sent did not arrive: ${(error as Error).message}`));
      return;
    }
    this.#pumping = null;
  }

  /** Says how the line ends, if it does. */
  async #post(): Promise<LineEnd | undefined> {
    const batch = this.#takeBatch();
    const isBeat = this.#wantsBeat;
    this.#wantsBeat = false;
    if (isBeat) this.#listener.beatLeaves();
    const body = `[${batch.map(({ json }) => json).join(',')}]`;
    const { status, wasRepeated } = await this.#ask(body, isBeat, bodyBytes(batch));
    if (status >= 200 && status < 300) {
      this.#number += 1;
      this.#listener.heard();
      for (const { bytes } of batch) this.#bytes -= bytes;
      if (isBeat) this.#listener.beatTaken();
      return undefined;
    }
    if (status !== 413 || batch.length === 0) return broken(describeRefusal(status));
    this.#limit.bytes = Math.min(this.#limit.bytes, Math.floor(bodyBytes(batch) / 2));
    if (batch.length === 1) {
      const reason = `a body of ${bodyBytes(batch)} bytes was refused: HTTP status 413`;
      return { code: CloseCode.tooBig, reason, isClean: true };
    }
    // Its first copy may have arrived: a part of it under the same number would not be taken.
    if (wasRepeated) return broken(describeRefusal(status));
    // The whole of it was refused, so the whole of it can be sent again, in smaller pieces.
    this.#queue = [...batch, ...this.#queue];
    this.#wantsBeat ||= isBeat;
    if (isBeat) this.#listener.beatReturns();
    return undefined;
  }

  /** Sends it again while there is no answer. */
  async #ask(
    body: string,
    isBeat: boolean,
    bytes: number,
  ): Promise<{ readonly status: number; readonly wasRepeated: boolean }> {
    for (let wasRepeated = false; ; wasRepeated = true) {
      const leftAt = this.#clock.now();
      try {
        const status = await this.#requests.post(body, this.#number, isBeat);
        this.#retries.reset();
        if (status >= 200 && status < 300) this.#pace.took(bytes, this.#clock.now() - leftAt);
        return { status, wasRepeated };
      } catch (error) {
        await this.#retries.after(error);
        if (isBeat) this.#listener.beatRepeats();
      }
    }
  }

  /** As many as one POST may carry, but at least one. */
  #takeBatch(): Quoted[] {
    const limit = Math.min(this.#limit.bytes, this.#pace.bytes);
    let bytes = BRACKETS;
    let count = 0;
    for (const quoted of this.#queue) {
      bytes += quoted.bytes + (count > 0 ? COMMA : 0);
      if (count > 0 && bytes > limit) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }
}

const BRACKETS = '[]'.length;
const COMMA = ','.length;

function bodyBytes(batch: readonly Quoted[]): number {
  return batch.reduce((sum, { bytes }) => sum + bytes + COMMA, BRACKETS - COMMA);
}

function describeRefusal(status: number): string {
  const refusal = `what was sent was refused: HTTP status ${status}`;
  return status === 404 ? `${refusal}; ${NO_AFFINITY}` : refusal;
}

/** What a session looks like that each request finds another server for. */
export const NO_AFFINITY = 'are there several servers, and no session affinity?';

function broken(reason: string): LineEnd {
  return { code: CloseCode.abnormal, reason, isClean: false };
}
