import { CloseCode } from '../../protocol/close-codes.ts';
import type { SockJSFrame } from '../../protocol/sockjs.ts';
import type { Clock } from '../clock.ts';
import { UNSHARED, type Slots } from '../slots/slots.ts';
import { BeatLag } from './beat-lag.ts';
import { receive, type FramesReader, type HttpTransport } from './http-receiver.ts';
import { HttpSender, NO_AFFINITY } from './http-sender.ts';
import type { Line, LineEnd, LineListener, LineRequest } from './line.ts';
import { SessionRequests } from './session-requests.ts';
import { NO_SLOT, NoSlot, Turns } from './turns.ts';

/** How long it may take until what was said last has left. */
const GOODBYE_MS = 2000;

/** What a SockJS server says when a proxy ended a response, and the server does not know: no goodbye. */
const STILL_OPEN = 2010;

/**
 * Opens a SockJS session over HTTP, with nothing but `fetch`. A stream for which there is no slot ends before it has
 * opened; one that loses its slot goes on by short polls, and is a stream again when it has one.
 */
export function openHttpLine(
  transport: HttpTransport,
  request: LineRequest,
  fetch: typeof globalThis.fetch,
  clock: Clock,
  listener: LineListener,
  slots: Slots = UNSHARED,
): Line {
  return new HttpLine(transport, request, fetch, clock, listener, slots);
}

class HttpLine implements Line {
  readonly canBeat: boolean;
  readonly #transport: HttpTransport;
  readonly #clock: Clock;
  readonly #listener: LineListener;
  readonly #requests: SessionRequests;
  readonly #sender: HttpSender;
  readonly #lag: BeatLag;
  readonly #turns: Turns;
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
    slots: Slots,
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
      beatLeaves: () => {
        lag.leaves();
        // How long an answer waits for its turn says nothing about the network.
        if (this.isBrief) lag.spoils();
      },
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
    const isForStream = transport !== 'xhr-polling';
    this.#turns = new Turns(slots, isForStream, clock, {
      lost: () => {
        lag.spoils();
        // The greeting comes at once, and the next poll waits for its turn.
        if (isForStream || this.#isOpen) this.#requests.interrupt();
      },
      // The server would wait for the next poll, and others for somebody who has gone.
      gone: () => {
        if (!this.#isOpen || this.#isOver) return;
        this.#isOver = true;
        this.#turns.end();
        this.#sender.part();
        listener.closed({ code: CloseCode.goingAway, reason: 'the page went away', isClean: true });
      },
    });
    receive(transport, this.#requests, clock, frames, this.#turns).catch((error: Error) =>
      this.#end(
        error instanceof NoSlot
          ? NO_SLOT
          : { code: CloseCode.abnormal, reason: error.message, isClean: false },
      ),
    );
  }

  get isBrief(): boolean {
    return !this.#turns.isHeld;
  }

  get backlog(): number {
    return this.#sender.backlog;
  }

  send(text: string): void {
    if (this.#isOver) return;
    this.#sender.send(text);
    this.#turns.hurry();
  }

  beat(): void {
    if (!this.canBeat || this.#isOver) return;
    this.#sender.beat();
    this.#turns.hurry();
  }

  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  async #leave(): Promise<void> {
    const wasOver = this.#isOver;
    this.#isOver = true;
    this.#turns.end();
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
    this.#turns.end();
    this.#requests.abort();
    this.#listener.closed(end);
  }
}
