import type { Socket } from 'node:net';
import { CloseCode } from '../../protocol/close-codes.ts';
import {
  BEAT_ANSWER,
  closeFrame,
  decodeClientPayload,
  HEARTBEAT_FRAME,
  OPEN_FRAME,
} from '../../protocol/sockjs.ts';
import type { Beating, HeartbeatWheel } from '../connection/heartbeat-wheel.ts';
import type { Heartbeats } from '../connection/heartbeats.ts';
import {
  QueuedConnection,
  type ConnectionOwner,
  type ConnectionSurroundings,
} from '../connection/queued-connection.ts';
import type { Wire } from '../connection/wire.ts';
import type { LightWebSocket, WebSocketListener } from './light-websocket.ts';
import type { BurstLine, SocketBurst } from './socket-burst.ts';
import { PING, textFrame } from './websocket-frames.ts';

/** What all WebSocket connections of a server share. */
export interface WebSocketSurroundings extends ConnectionSurroundings {
  readonly heartbeats: Heartbeats;
  /** Serves many members with one call; absent where the addon for it was not built. */
  readonly burst: SocketBurst | undefined;
}

/**
 * A WebSocket as a connection. `ws` reads, closes and answers pings; messages leave as frames made once for
 * all who get them, straight to the socket. Both write whole frames, and without compression neither waits,
 * so they never mix.
 */
export abstract class WebSocketConnection
  extends QueuedConnection<Buffer>
  implements Beating, BurstLine, WebSocketListener
{
  protected readonly ws: LightWebSocket;
  declare protected readonly surroundings: WebSocketSurroundings;
  readonly #socket: Socket;
  readonly #wheel: HeartbeatWheel;
  readonly #slot: number;
  /** Frames go past the socket's stream buffer. */
  #isDirect = false;
  /** Of the socket, where frames may leave in a burst; else -1. */
  #descriptor = -1;
  /** Beats since it last gave a sign of life. */
  #unanswered = 0;
  /** Frames that the line was given and has not taken yet. */
  #underWay = 0;
  /** Within the socket's `_write`. */
  #isWriting = false;
  /** Busy at the last beat, and nothing was taken since. */
  #isStuck = false;

  /** `heartbeatMs`: the heartbeat that the client asked for, if it did. */
  constructor(
    owner: ConnectionOwner,
    ws: LightWebSocket,
    socket: Socket,
    wire: Wire<Buffer>,
    surroundings: WebSocketSurroundings,
    heartbeatMs?: number,
  ) {
    super(owner, wire, surroundings);
    this.ws = ws;
    this.#socket = socket;
    ws.listener = this;
    this.#wheel = surroundings.heartbeats.wheel(heartbeatMs);
    this.#slot = this.#wheel.add(this);
  }

  /** The answer to the handshake is on its way: from here on, frames may follow it by the direct road. */
  start(): void {
    // TLS takes one write at a time and relies on the stream to see to that.
    this.#isDirect = !('encrypted' in this.#socket);
    if (this.#isDirect && this.surroundings.burst !== undefined)
      this.#descriptor = handleOf(this.#socket)?.fd ?? -1;
    this.ws.start();
  }

  beat(): void {
    if (this.#unanswered >= this.#wheel.patience) {
      this.shut(CloseCode.noPong, 'no pong');
      this.ws.terminate();
      return;
    }
    if (!this.isOpen) return;
    if (this.isReady) {
      this.#unanswered++;
      this.write(this.heartbeat);
    } else {
      // No ping fits in, so none can be answered; but a line that takes nothing for as long is dead.
      this.#unanswered = this.#isStuck ? this.#unanswered + 1 : 0;
      this.#isStuck = true;
    }
  }

  /** What keeps the line open and makes the peer answer. */
  protected abstract readonly heartbeat: Buffer;

  /** Reads one text frame. */
  protected abstract read(text: string): void;

  protected override get isReady(): boolean {
    return this.#underWay === 0;
  }

  /** For the burst. */
  get descriptor(): number {
    return handleOf(this.#socket) === null ? -1 : this.#descriptor;
  }

  /**
   * Among the frames of a flush it may leave with others in one burst, past libuv; so nothing may wait there, of ours
   * or of `ws`.
   */
  protected override write(frame: Buffer): void {
    const { burst } = this.surroundings;
    const mayBurst = this.#descriptor !== -1 && this.#underWay === 0 && this.#socket.writableLength === 0;
    if (mayBurst && burst?.isOpen === true) burst.add(this, frame);
    else this.#write(frame);
  }

  finish(frame: Buffer, taken: number): void {
    this.#write(frame.subarray(taken));
  }

  /**
   * Goes past the socket's stream buffer: what `Writable.write` keeps account of there, once for every member
   * of a room, is a good part of a delivery's user time (docs/decisions/0007). Should `ws` have a control frame
   * in that buffer, whole frames may overtake each other, which is harmless. A write that the kernel does not
   * take at once calls back later, and until then the line counts as busy.
   */
  #write(frame: Buffer): void {
    this.#underWay++;
    if (this.#isDirect) {
      this.#isWriting = true;
      this.#socket._write(frame, BUFFER, this.#onWritten);
      this.#isWriting = false;
    } else {
      this.#socket.write(frame, this.#onWritten);
    }
  }

  readonly #onWritten = (error?: Error | null): void => {
    this.#underWay--;
    this.#isStuck = false;
    if (error) this.#socket.destroy(error);
    // Taken at once: whoever writes looks after what is owed next.
    else if (!this.#isWriting) this.flush();
  };

  /** Even to a busy line: it takes things in order. */
  protected writeOwed(): void {
    const owed = this.takeOwed();
    if (!owed.isEmpty) this.write(owed.packed());
  }

  override abort(): void {
    this.ws.terminate();
  }

  protected override cutOff(code: number, reason: string): void {
    // The close frame waits behind what the peer does not read, so it is sent for form's sake only.
    this.ws.close(code, reason);
    setImmediate(() => this.ws.terminate());
  }

  onText(text: string): void {
    this.#unanswered = 0;
    if (this.isOpen) this.read(text);
  }

  onBinary(data: Buffer): void {
    this.#unanswered = 0;
    this.receive(data);
  }

  protected override hold(): void {
    this.ws.hold();
  }

  protected override release(): void {
    this.ws.release();
  }

  onPong(): void {
    this.#unanswered = 0;
  }

  onClose(code: number, reason: string): void {
    this.#wheel.remove(this, this.#slot);
    this.gone(code, reason);
  }
}

/** `P` itself and `P/websocket`: one message a frame. */
export class RawWebSocketConnection extends WebSocketConnection {
  get transport(): string {
    return 'websocket-raw';
  }

  protected override get heartbeat(): Buffer {
    return PING;
  }

  protected override read(text: string): void {
    this.receive(text);
  }

  protected override sayGoodbye(code: number, reason: string): void {
    this.writeOwed();
    this.ws.close(code, reason);
  }
}

/** `P/SERVER/SESSION/websocket`: SockJS frames. */
export class SockJSWebSocketConnection extends WebSocketConnection {
  /** A client that asked for a heartbeat may also ask for a beat. */
  readonly #canBeat: boolean;
  #owesBeat = false;

  constructor(
    owner: ConnectionOwner,
    ws: LightWebSocket,
    socket: Socket,
    wire: Wire<Buffer>,
    surroundings: WebSocketSurroundings,
    heartbeatMs: number | undefined,
  ) {
    super(owner, ws, socket, wire, surroundings, heartbeatMs);
    this.#canBeat = heartbeatMs !== undefined;
  }

  get transport(): string {
    return 'websocket';
  }

  protected override get heartbeat(): Buffer {
    return SOCKJS_HEARTBEAT;
  }

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
        this.shut(CloseCode.brokenFraming, BROKEN);
        // Without a SockJS close frame, as the reference server does (S2 §1.2).
        this.ws.close(CloseCode.brokenFraming, BROKEN);
        return;
      case 'messages':
        if (payload.strangers > 0) this.surroundings.counters.ignore('sockjs', 'not-a-string');
        for (const message of payload.messages) this.receive(message);
        if (this.#canBeat && payload.messages.length + payload.strangers === 0) this.#oweBeat();
    }
  }

  /** Answers after what is owed by now; several that wait get one answer. */
  #oweBeat(): void {
    if (this.#owesBeat) return;
    this.#owesBeat = true;
    this.whenTaken(() => this.#answerBeat());
  }

  #answerBeat(): void {
    this.#owesBeat = false;
    if (this.isOpen) this.write(SOCKJS_BEAT_ANSWER);
  }

  protected override sayGoodbye(code: number, reason: string): void {
    this.writeOwed();
    this.write(textFrame(closeFrame(code, reason)));
    this.ws.close(CloseCode.normal, 'Normal closure');
  }
}

/** What Node keeps of a socket: `null` once it is closed, and without descriptors on Windows. */
interface Handle {
  readonly fd?: number;
}

function handleOf(socket: Socket): Handle | null {
  return (socket as Socket & { readonly _handle: Handle | null })._handle;
}

/** What `Writable` passes on as the encoding of a chunk that needs none. */
const BUFFER = 'buffer' as BufferEncoding;
const BROKEN = 'Broken framing.';
const SOCKJS_BEAT_ANSWER = textFrame(BEAT_ANSWER);
const SOCKJS_OPEN = textFrame(OPEN_FRAME);
/** The `h` is for scripts, which cannot see pings; the ping is for us, since its pong proves the peer is there. */
const SOCKJS_HEARTBEAT = Buffer.concat([PING, textFrame(HEARTBEAT_FRAME)]);
