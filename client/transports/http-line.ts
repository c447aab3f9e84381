import { CloseCode } from '../../protocol/close-codes.ts';
import type { SockJSFrame } from '../../protocol/sockjs.ts';
import type { Clock } from '../clock.ts';
import { BeatLag } from './beat-lag.ts';
import { receive, type FramesReader, type HttpTransport } from './http-receiver.ts';
import { HttpSender, NO_AFFINITY } from './http-sender.ts';
import type { Line, LineEnd, LineListener, LineRequest } from './line.ts';
import { SessionRequests } from './session-requests.ts';

/** How long it may take until what was said last has left. */
const GOODBYE_MS = 2000;

/** What a SockJS server says when a proxy ended a response, and the server does not know: no goodbye. */
const STILL_OPEN = 2010;

/** Opens a SockJS session over HTTP, with nothing but `fetch`. */
export function openHttpLine(
  transport: HttpTransport,
  request: LineRequest,
  fetch: typeof globalThis.fetch,
  clock: Clock,
  listener: LineListener,
): Line {
  return new HttpLine(transport, request, fetch, clock, listener);
}

class HttpLine implements Line {
  readonly canBeat: boolean;
  readonly #transport: HttpTransport;
  readonly #clock: Clock;
  readonly #listener: LineListener;
  readonly #requests: SessionRequests;
  readonly #sender: HttpSender;
  readonly #lag: BeatLag;
  #isOpen = false;
  /** The greeting was the last thing that the server said. */
  #isNew = false;
  #isOver = false;
  #closing: Promise<void> | null = null;

  constructor(
    transport: HttpTransport,
    request: LineRequest,
    fetch: typeof globalThis.fetch,
    clock: Clock,
    listener: LineListener,
  ) {
    this.canBeat = request.heartbeatMs > 0;
    this.#transport = transport;
    this.#clock = clock;
    this.#listener = listener;
    this.#requests = new SessionRequests(request, fetch);
    const lag = new BeatLag(clock);
    this.#lag = lag;
    const heard = (): void => {
      if (!this.#isOver) listener.heard();
    };
    this.#sender = new HttpSender(this.#requests, request.postLimit, clock, {
      heard,
      beatLeaves: () => lag.leaves(),
      beatTaken: () => lag.taken(),
      beatReturns: () => lag.returns(),
      beatRepeats: () => lag.repeats(),
      failed: (end) => this.#end(end),
    });
    const frames: FramesReader = {
      heard,
      frame: (frame) => this.#take(frame),
      interrupted: (quietMs) => {
        lag.spoils();
        if (!this.#isOver) listener.interrupted(quietMs);
      },
    };
    receive(transport, this.#requests, clock, frames).catch((error: Error) =>
      this.#end({ code: CloseCode.abnormal, reason: error.message, isClean: false }),
    );
  }

  get backlog(): number {
    return this.#sender.backlog;
  }

  send(text: string): void {
    if (!this.#isOver) this.#sender.send(text);
  }

  beat(): void {
    if (this.canBeat && !this.#isOver) this.#sender.beat();
  }

  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  async #leave(): Promise<void> {
    const wasOver = this.#isOver;
    this.#isOver = true;
    if (this.#isOpen && !wasOver) {
      await new Promise<void>((resolve) => {
        const cancel = this.#clock.after(GOODBYE_MS, resolve);
        void this.#sender.leave().then(() => {
          cancel();
          resolve();
        });
      });
    }
    this.#requests.abort();
  }

  #take(frame: SockJSFrame): void {
    if (this.#isOver) return;
    if (frame.type === 'open') {
      this.#greet();
      return;
    }
    this.#isNew = false;
    switch (frame.type) {
      case 'heartbeat':
        return;
      case 'messages':
        if (frame.messages.length === 0) this.#takeBeat();
        for (const message of frame.messages) {
          this.#listener.message(message);
          if (this.#isOver) return;
        }
        return;
      case 'close':
        this.#end({ code: frame.code, reason: frame.reason, isClean: frame.code !== STILL_OPEN });
    }
  }

  /** A server that does not know the session opens one of that name. */
  #greet(): void {
    if (this.#isOpen) {
      const reason = 'the server lost the session';
      throw new Error(this.#isNew ? `${reason}; ${NO_AFFINITY}` : reason);
    }
    this.#isOpen = true;
    this.#isNew = true;
    this.#listener.opened(this.#transport);
  }

  #takeBeat(): void {
    const lagMs = this.#lag.answered();
    if (lagMs !== undefined) this.#listener.beatAnswered(lagMs);
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#requests.abort();
    this.#listener.closed(end);
  }
}
