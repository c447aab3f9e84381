import { CloseCode } from '../../protocol/close-codes.ts';
import type { Clock } from '../clock.ts';
import { UNSHARED, type Slots } from '../slots/slots.ts';
import type { TransportName } from '../types.ts';
import type { Line, LineEnd, LineListener, LineRequest, PostLimit } from './line.ts';
import { addQuery, heartbeatQuery, SESSION_ID_LENGTH } from './session-url.ts';
import { NO_SLOT, Turns } from './turns.ts';

/** As much of `sockjs-client` as is used. */
export interface SockJSLike {
  /** Set once it is open. */
  readonly transport: string | null;
  /**
   * The transport under way. HTTP ones keep what waits for the next POST in `sendBuffer`, and have `sendStop` while
   * one is on its way.
   */
  readonly _transport?: { readonly sendBuffer?: unknown; readonly sendStop?: unknown } | null;
  onopen: (() => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onheartbeat: (() => void) | null;
  onclose: ((event: SockJSCloseEvent) => void) | null;
  send(text: string): void;
  close(): void;
}

interface SockJSCloseEvent {
  readonly code: number;
  readonly reason?: string;
  readonly wasClean: boolean;
}

export type SockJSConstructor = new (
  url: string,
  protocols: null,
  options: { readonly transports: readonly string[]; readonly sessionId: number },
) => SockJSLike;

/** How long it may take until what was said last has left. */
const GOODBYE_MS = 2000;

/** How long what was handed to a transport in an iframe may take; it does not show whether it has left. */
const UNSEEN_MS = 250;

/** How often to see whether the last POST has left; `sockjs-client` does not tell. */
const PUMP_MS = 50;

/** Opens a SockJS session with `sockjs-client`, on the first of the transports that works. Without a slot it ends. */
export function openSockJSLine(
  transports: readonly TransportName[],
  request: LineRequest,
  load: () => Promise<SockJSConstructor>,
  clock: Clock,
  listener: LineListener,
  slots: Slots = UNSHARED,
): Line {
  return new SockJSLine(transports, request, load, clock, listener, slots);
}

class SockJSLine implements Line {
  readonly canBeat = false;
  readonly isBrief = false;
  readonly #clock: Clock;
  readonly #listener: LineListener;
  readonly #postLimit: PostLimit;
  readonly #turns: Turns;
  #socket: SockJSLike | null = null;
  #isOver = false;
  /** Not yet handed to `sockjs-client`. */
  #waiting: string[] = [];
  #backlog = 0;
  /** Length of what it was handed since its buffer was last seen empty. */
  #handed = 0;
  #cancelPump: (() => void) | null = null;

  constructor(
    transports: readonly TransportName[],
    request: LineRequest,
    load: () => Promise<SockJSConstructor>,
    clock: Clock,
    listener: LineListener,
    slots: Slots,
  ) {
    this.#clock = clock;
    this.#listener = listener;
    this.#postLimit = request.postLimit;
    const leave = (): void => {
      this.#end(NO_SLOT);
      this.#socket?.close();
    };
    this.#turns = new Turns(slots, true, clock, { lost: leave });
    const dial = async (): Promise<void> => {
      await this.#turns.settled();
      if (!this.#turns.isHeld) leave();
      else this.#dial(await load(), addQuery(request.url, heartbeatQuery(request)), transports);
    };
    dial().catch((error: unknown) => {
      this.#end({ code: CloseCode.abnormal, reason: String(error), isClean: false });
    });
  }

  get backlog(): number {
    return this.#backlog;
  }

  send(text: string): void {
    this.#waiting.push(text);
    this.#backlog += text.length;
    if (this.#cancelPump === null) this.#pump(false);
  }

  /** `sockjs-client` sends messages alone. */
  beat(): void {}

  async close(): Promise<void> {
    const socket = this.#socket;
    const wasOver = this.#isOver;
    this.#isOver = true;
    this.#turns.end();
    this.#cancelPump?.();
    if (socket === null) return;
    if (!wasOver && socket.transport !== null) {
      for (const text of this.#waiting) socket.send(text);
      await this.#flushed(socket);
    }
    socket.close();
  }

  /** `sockjs-client` aborts what is on its way when it is closed. */
  async #flushed(socket: SockJSLike): Promise<void> {
    const pause = (ms: number): Promise<void> =>
      new Promise((resolve) => {
        this.#clock.after(ms, resolve);
      });
    if (socket.transport?.startsWith('iframe-') === true) await pause(UNSEEN_MS);
    const deadline = this.#clock.now() + GOODBYE_MS;
    const isSending = (): boolean => {
      const { sendBuffer, sendStop } = socket._transport ?? {};
      return (Array.isArray(sendBuffer) && sendBuffer.length > 0) || Boolean(sendStop);
    };
    while (isSending() && this.#clock.now() < deadline) {
      await pause(PUMP_MS);
    }
  }

  #dial(SockJS: SockJSConstructor, url: URL, transports: readonly TransportName[]): void {
    if (this.#isOver) return;
    let socket: SockJSLike;
    try {
      socket = new SockJS(url.href, null, { transports, sessionId: SESSION_ID_LENGTH });
    } catch (error) {
      this.#end({ code: CloseCode.abnormal, reason: String(error), isClean: false });
      return;
    }
    this.#socket = socket;
    socket.onopen = () => {
      if (!this.#isOver) this.#listener.opened(socket.transport as TransportName);
    };
    socket.onheartbeat = () => {
      if (!this.#isOver) this.#listener.heard();
    };
    socket.onmessage = (event) => {
      if (!this.#isOver && typeof event.data === 'string') this.#listener.message(event.data);
    };
    socket.onclose = (event) => {
      this.#end({ code: event.code, reason: event.reason ?? '', isClean: event.wasClean });
    };
  }

  /**
   * `sockjs-client` puts everything that waits into one POST, however large that gets, and a server or proxy
   * that refuses the POST ends the session. So it is handed no more at a time than one POST may carry.
   */
  #pump(hasPaused: boolean): void {
    this.#cancelPump = null;
    if (this.#socket === null || this.#isOver) return;
    const buffer = this.#socket._transport?.sendBuffer;
    // A transport in an iframe does not show its buffer; there the pause alone has to do.
    if (Array.isArray(buffer) ? buffer.length === 0 : hasPaused) this.#handed = 0;
    let taken = 0;
    for (const text of this.#waiting) {
      if (this.#handed > 0 && this.#handed + text.length > this.#postLimit.bytes) break;
      this.#socket.send(text);
      this.#handed += text.length;
      this.#backlog -= text.length;
      taken += 1;
    }
    this.#waiting.splice(0, taken);
    if (this.#waiting.length === 0) return;
    this.#cancelPump = this.#clock.after(PUMP_MS, () => {
      this.#pump(true);
    });
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#turns.end();
    this.#cancelPump?.();
    this.#listener.closed(end);
  }
}
