import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CloseCode } from '../../protocol/close-codes.ts';
import { closeFrame, decodeClientPayload, HEARTBEAT_FRAME, OPEN_FRAME } from '../../protocol/sockjs.ts';
import type { Connection, ConnectionHandler } from '../connection/connection.ts';
import { newConnectionId } from '../connection/connection-id.ts';
import type { Beating, HeartbeatWheel } from '../connection/heartbeat-wheel.ts';
import { Outbox, type Sink } from '../connection/outbox.ts';
import { PreparedMessage } from '../connection/prepared-message.ts';
import type { Wire } from '../connection/wire.ts';
import type { Counters } from '../telemetry/counters.ts';
import { PING, textFrame } from './websocket-frames.ts';

/** What all WebSocket connections of a server share. */
export interface WebSocketSurroundings {
  readonly wheel: HeartbeatWheel;
  readonly counters: Counters;
  /** Bytes a connection may be owed; 0 lifts it. */
  readonly outboxLimit: number;
  /** Bytes of one message; 0 lifts it. */
  readonly messageLimit: number;
  /** Told of what a handler threw; the connection is closed with 1011. */
  onFault(error: unknown): void;
}

/**
 * A WebSocket as a connection. `ws` reads, closes and answers pings; messages leave as frames made once for
 * all who get them, straight to the socket. Both write whole frames, and without compression neither waits,
 * so they never mix.
 */
export abstract class WebSocketConnection implements Connection, Sink<Buffer>, Beating {
  readonly id = newConnectionId();
  abstract readonly transport: string;
  /** Told once, after the handler, when the connection is gone. */
  onGone: (() => void) | undefined;
  protected readonly ws: WebSocket;
  protected readonly surroundings: WebSocketSurroundings;
  readonly #socket: Duplex;
  readonly #outbox: Outbox<Buffer>;
  readonly #slot: number;
  #handler: ConnectionHandler | undefined;
  #isOpen = true;
  #isBusy = false;
  #isAlive = true;
  /** Set by our own close; the peer's answer to it says nothing new. */
  #ownCode: number | undefined;
  #ownReason = '';

  constructor(ws: WebSocket, socket: Duplex, wire: Wire<Buffer>, surroundings: WebSocketSurroundings) {
    this.ws = ws;
    this.surroundings = surroundings;
    this.#socket = socket;
    this.#outbox = new Outbox(wire, this, surroundings.outboxLimit);
    this.#slot = surroundings.wheel.add(this);
    (ws as OwnedWebSocket)[OWNER] = this;
    (socket as OwnedSocket)[OWNER] = this;
    ws.on('message', onMessage);
    ws.on('pong', onPong);
    ws.on('close', onClose);
    ws.on('error', onError);
    socket.on('drain', onDrain);
  }

  set handler(handler: ConnectionHandler) {
    this.#handler = handler;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get isReady(): boolean {
    return !this.#isBusy;
  }

  send(text: string): boolean {
    return this.sendPrepared(new PreparedMessage(text));
  }

  sendPrepared(message: PreparedMessage): boolean {
    return this.#isOpen && this.#outbox.push(message);
  }

  close(code: number = CloseCode.normal, reason = ''): void {
    if (!this.#isOpen) return;
    this.#isBusy = false;
    this.#outbox.flush();
    this.shut(code, reason);
    this.sayGoodbye(code, reason);
  }

  write(frame: Buffer): void {
    this.#isBusy = !this.#socket.write(frame);
  }

  overflow(): void {
    if (!this.#isOpen) return;
    this.surroundings.counters.ignore('outbox', 'slow-consumer');
    this.shut(CloseCode.slowConsumer, 'slow consumer');
    // The socket's buffer is full, so a close frame would wait behind what the peer does not read.
    this.ws.close(CloseCode.slowConsumer, 'slow consumer');
    setImmediate(() => this.ws.terminate());
  }

  beat(): void {
    if (!this.#isAlive) {
      this.shut(CloseCode.noPong, 'no pong');
      this.ws.terminate();
      return;
    }
    this.#isAlive = false;
    if (this.#isOpen && !this.#isBusy) this.write(this.heartbeat);
  }

  /** What keeps the line open and makes the peer answer. */
  protected abstract readonly heartbeat: Buffer;

  /** Reads one text frame. */
  protected abstract read(text: string): void;

  protected abstract sayGoodbye(code: number, reason: string): void;

  /** From here on nothing is read or sent, and the gateway will be told this code, whatever the peer says. */
  protected shut(code: number, reason: string): void {
    this.#isOpen = false;
    this.#ownCode ??= code;
    this.#ownReason ||= reason;
  }

  /** Hands one message to the gateway, if it is not too big. */
  protected receive(message: string): void {
    if (!this.#isOpen) return;
    const { messageLimit, counters } = this.surroundings;
    // A UTF-16 unit is at most three bytes: most messages are measured without encoding them.
    if (messageLimit !== 0 && message.length * 3 > messageLimit && Buffer.byteLength(message) > messageLimit) {
      counters.ignore('websocket', 'too-big');
      this.close(CloseCode.tooBig, 'message too big');
      return;
    }
    counters.received++;
    try {
      this.#handler?.message(message);
    } catch (error) {
      this.surroundings.onFault(error);
      this.close(CloseCode.internalError, 'internal error');
    }
  }

  /** Called by the listeners below. */
  onFrame(data: Buffer, isBinary: boolean): void {
    this.#isAlive = true;
    if (!this.#isOpen) return;
    if (!isBinary) this.read(data.toString());
    else if (this.#handler?.binary !== undefined) this.#handler.binary(data);
    else this.surroundings.counters.ignore('websocket', 'binary');
  }

  /** Called by the listeners below. */
  onPong(): void {
    this.#isAlive = true;
  }

  /** Called by the listeners below. */
  onDrain(): void {
    this.#isBusy = false;
    if (this.#isOpen) this.#outbox.flush();
  }

  /** Called by the listeners below. */
  onClose(code: number, reason: string): void {
    this.#isOpen = false;
    this.surroundings.wheel.remove(this, this.#slot);
    this.#socket.removeListener('drain', onDrain);
    const handler = this.#handler;
    this.#handler = undefined;
    handler?.closed(this.#ownCode ?? code, this.#ownCode === undefined ? reason : this.#ownReason);
    this.onGone?.();
  }
}

/** `P` itself and `P/websocket`: one message a frame. */
export class RawWebSocketConnection extends WebSocketConnection {
  readonly transport = 'websocket-raw';
  protected readonly heartbeat = PING;

  protected override read(text: string): void {
    this.receive(text);
  }

  protected override sayGoodbye(code: number, reason: string): void {
    this.ws.close(code, reason);
  }
}

/** `P/SERVER/SESSION/websocket`: SockJS frames. */
export class SockJSWebSocketConnection extends WebSocketConnection {
  readonly transport = 'websocket';
  protected readonly heartbeat = SOCKJS_HEARTBEAT;

  /** Writes the open frame. */
  open(): void {
    this.write(SOCKJS_OPEN);
  }

  protected override read(text: string): void {
    const payload = decodeClientPayload(text);
    switch (payload.type) {
      case 'empty':
        return;
      case 'broken':
        this.surroundings.counters.ignore('sockjs', 'broken-framing');
        this.shut(CloseCode.brokenFraming, 'Broken framing.');
        // Without a SockJS close frame, as the reference server does (S2 §1.2).
        this.ws.close(CloseCode.brokenFraming, 'Broken framing.');
        return;
      case 'messages':
        if (payload.strangers > 0) this.surroundings.counters.ignore('sockjs', 'not-a-string');
        for (const message of payload.messages) this.receive(message);
    }
  }

  protected override sayGoodbye(code: number, reason: string): void {
    this.write(textFrame(closeFrame(code, reason)));
    this.ws.close(CloseCode.normal, 'Normal closure');
  }
}

const OWNER = Symbol('owner');
const SOCKJS_OPEN = textFrame(OPEN_FRAME);
/** The `h` is for scripts, which cannot see pings; the ping is for us, since its pong proves the peer is there. */
const SOCKJS_HEARTBEAT = Buffer.concat([PING, textFrame(HEARTBEAT_FRAME)]);

type OwnedWebSocket = WebSocket & { [OWNER]: WebSocketConnection };
type OwnedSocket = Duplex & { [OWNER]: WebSocketConnection };

// One function for all connections instead of closures for each: most of them are idle most of the time, and
// then this is most of what they cost.
function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  (this as OwnedWebSocket)[OWNER].onFrame(data, isBinary);
}
function onPong(this: WebSocket): void {
  (this as OwnedWebSocket)[OWNER].onPong();
}
function onClose(this: WebSocket, code: number, reason: Buffer): void {
  (this as OwnedWebSocket)[OWNER].onClose(code, reason.toString());
}
function onDrain(this: Duplex): void {
  (this as OwnedSocket)[OWNER].onDrain();
}
/** `ws` closes by itself after an error; the close says all there is to say. */
function onError(): void {}
