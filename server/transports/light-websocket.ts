import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { CloseCode } from '../../protocol/close-codes.ts';
import { readSmallFrame } from './small-frames.ts';

/** Who hears from a {@link LightWebSocket}. */
export interface WebSocketListener {
  onText(text: string): void;
  onBinary(data: Buffer): void;
  onPong(): void;
  /** Told once. */
  onClose(code: number, reason: string): void;
}

/** What `WebSocketServer` calls once the handshake is done (ws 8.23, `completeUpgrade`). */
interface Attachable {
  setSocket(socket: Socket, head: Buffer, options: AttachOptions): void;
}

interface AttachOptions {
  readonly maxPayload: number;
}

/**
 * A server's WebSocket of `ws` that puts off most of what `ws` sets up for a connection. Whole small text
 * messages and pongs, nearly all there ever is, are read right here; the first thing that is neither, such as a
 * fragment, a ping, a close frame or a mistake, wakes the whole machinery, which then reads that frame and
 * everything after it. Most connections are idle most of the time, and so never need it (docs/decisions/0007).
 */
export class LightWebSocket extends WebSocket {
  #socket: Socket | undefined = undefined;
  #options: AttachOptions = { maxPayload: 0 };
  #listener: WebSocketListener | undefined = undefined;
  /** Bytes that came in and were not read yet. */
  #unread: Buffer = EMPTY;
  #isAwake = false;
  #isHeld = false;

  /** Called by `ws` when the handshake is done. */
  setSocket(socket: Socket, head: Buffer, options: AttachOptions): void {
    this.#socket = socket;
    this.#options = options;
    this.#unread = head;
    socket.setTimeout(0);
    socket.setNoDelay(true);
    const owned = socket as OwnedSocket;
    owned[OWNER] = this;
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('close', onClose);
    socket.on('error', onError);
  }

  /** Who hears of what comes in; must be set before anything else is done with it. */
  set listener(listener: WebSocketListener) {
    this.#listener = listener;
  }

  /** Reads what came in together with the handshake, once the listener is ready for it. */
  start(): void {
    this.#read();
  }

  override close(code: number, reason: string): void {
    this.#wake();
    super.close(code, reason);
  }

  override terminate(): void {
    if (this.#isAwake) super.terminate();
    else this.#socket?.destroy();
  }

  /** Reads no more from the socket until {@link release}; what was read already still comes. */
  hold(): void {
    this.#isHeld = true;
    if (this.#isAwake) super.pause();
    else this.#socket?.pause();
  }

  release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    if (this.#isAwake) super.resume();
    else this.#socket?.resume();
  }

  /** For the listeners below. */
  onChunk(chunk: Buffer): void {
    this.#unread = chunk;
    this.#read();
  }

  /** For the listeners below: the line is gone without a word. */
  onLost(): void {
    if (!this.#isAwake) this.#listener?.onClose(CloseCode.abnormal, '');
  }

  #read(): void {
    const listener = this.#listener;
    if (listener === undefined) return;
    while (this.#unread.length > 0 && !this.#isAwake) {
      const frame = readSmallFrame(this.#unread, 0, this.#options.maxPayload);
      if (frame.type === 'other') {
        this.#wake();
        return;
      }
      this.#unread = frame.end === this.#unread.length ? EMPTY : this.#unread.subarray(frame.end);
      // The listener may close the connection: then what is unread goes the way of the rest.
      if (frame.type === 'text') listener.onText(frame.text);
      else listener.onPong();
    }
  }

  /** Hands the socket, and what is unread, to `ws`. */
  #wake(): void {
    const socket = this.#socket;
    const listener = this.#listener;
    if (this.#isAwake || socket === undefined || listener === undefined) return;
    this.#isAwake = true;
    socket.off('data', onData);
    socket.off('end', onEnd);
    socket.off('close', onClose);
    socket.off('error', onError);
    this.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) listener.onBinary(data);
      else listener.onText(data.toString());
    });
    this.on('pong', () => listener.onPong());
    // `ws` closes by itself after a mistake of the peer, but does not say then with which code.
    let mistake: number | undefined;
    this.on('error', (error: NodeJS.ErrnoException) => (mistake ??= codeOfMistake(error.code)));
    this.on('close', (code: number, reason: Buffer) => {
      listener.onClose(code === CloseCode.abnormal ? (mistake ?? code) : code, reason.toString());
    });
    const unread = this.#unread;
    this.#unread = EMPTY;
    // Paused, so that what is put back is not given out before `ws` listens.
    socket.pause();
    (WebSocket.prototype as unknown as Attachable).setSocket.call(this, socket, unread, this.#options);
    if (this.#isHeld) super.pause();
    else socket.resume();
  }
}

/** With which code `ws` closes after an error; `undefined` when it is none of the peer's making. */
function codeOfMistake(error = ''): number | undefined {
  return MISTAKES.get(error) ?? (error.startsWith('WS_ERR_') ? CloseCode.protocolError : undefined);
}

const MISTAKES: ReadonlyMap<string, number> = new Map([
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', CloseCode.tooBig],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', CloseCode.tooBig],
  ['WS_ERR_INVALID_UTF8', CloseCode.notConsistent],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', CloseCode.policy],
]);

const EMPTY = Buffer.alloc(0);
const OWNER = Symbol('owner');

type OwnedSocket = Socket & { [OWNER]: LightWebSocket };

// One function each for all sockets instead of closures for every one.
function onData(this: Socket, chunk: Buffer): void {
  (this as OwnedSocket)[OWNER].onChunk(chunk);
}
function onClose(this: Socket): void {
  (this as OwnedSocket)[OWNER].onLost();
}
/** The peer will send no more; without a close frame that is the end. */
function onEnd(this: Socket): void {
  this.end();
}
/** The close that follows says all there is to say. */
function onError(): void {}
