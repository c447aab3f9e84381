import { CloseCode } from '../../protocol/close-codes.ts';
import { decodeServerFrame } from '../../protocol/sockjs.ts';
import { createDeferred } from '../deferred.ts';
import type { Clock } from '../clock.ts';
import type { Line, LineEnd, LineListener, LineRequest } from './line.ts';
import { webSocketUrl } from './session-url.ts';

/** As much of the standard WebSocket as is used; browsers and `ws` both have it. */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

export type WebSocketConstructor = new (url: string) => WebSocketLike;

/** An empty array asks for one (docs/protocol.md, "Beats"). */
const BEAT = '[]';

/** How long a goodbye may take; browsers themselves wait for minutes. */
const GOODBYE_MS = 2000;

/** Opens a SockJS session over a native WebSocket. */
export function openWebSocketLine(
  request: LineRequest,
  load: () => Promise<WebSocketConstructor>,
  clock: Clock,
  listener: LineListener,
): Line {
  return new WebSocketLine(request, load, clock, listener);
}

class WebSocketLine implements Line {
  readonly canBeat: boolean;
  readonly isBrief = false;
  readonly #clock: Clock;
  readonly #listener: LineListener;
  readonly #gone = createDeferred<void>();
  #socket: WebSocketLike | null = null;
  #isOver = false;

  constructor(
    request: LineRequest,
    load: () => Promise<WebSocketConstructor>,
    clock: Clock,
    listener: LineListener,
  ) {
    this.canBeat = request.heartbeatMs > 0;
    this.#clock = clock;
    this.#listener = listener;
    load().then(
      (WebSocket) => {
        this.#dial(WebSocket, webSocketUrl(request));
      },
      (error: unknown) => {
        this.#end({ code: CloseCode.abnormal, reason: String(error), isClean: false });
      },
    );
  }

  get backlog(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(text: string): void {
    this.#socket?.send(JSON.stringify([text]));
  }

  beat(): void {
    if (this.canBeat) this.#socket?.send(BEAT);
  }

  async close(): Promise<void> {
    this.#isOver = true;
    if (this.#socket === null) return;
    this.#socket.close(CloseCode.normal);
    const cancel = this.#clock.after(GOODBYE_MS, () => {
      this.#gone.resolve();
    });
    await this.#gone.promise;
    cancel();
  }

  #dial(WebSocket: WebSocketConstructor, url: string): void {
    if (this.#isOver) return;
    let socket: WebSocketLike;
    try {
      socket = new WebSocket(url);
    } catch (error) {
      // Forbidden by the page's policy, for one.
      this.#end({ code: CloseCode.abnormal, reason: String(error), isClean: false });
      return;
    }
    this.#socket = socket;
    socket.onmessage = (event) => {
      if (typeof event.data === 'string') this.#take(event.data);
    };
    socket.onclose = (event) => {
      this.#gone.resolve();
      const isClean = event.code !== CloseCode.abnormal;
      this.#end({ code: event.code, reason: event.reason, isClean });
    };
    // A close follows, and says as much as a browser tells.
    socket.onerror = () => undefined;
  }

  #take(data: string): void {
    if (this.#isOver) return;
    const frame = decodeServerFrame(data);
    switch (frame?.type) {
      case undefined:
        return;
      case 'open':
        this.#listener.opened('websocket');
        return;
      case 'heartbeat':
        this.#listener.heard();
        return;
      case 'messages':
        if (frame.messages.length === 0) this.#listener.beatAnswered(null);
        for (const message of frame.messages) {
          this.#listener.message(message);
          if (this.#isOver) return;
        }
        return;
      case 'close':
        this.#socket?.close(CloseCode.normal);
        this.#end({ code: frame.code, reason: frame.reason, isClean: true });
    }
  }

  #end(end: LineEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.closed(end);
  }
}
