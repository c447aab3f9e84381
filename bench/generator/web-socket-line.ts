import { connect, type Socket } from 'node:net';

/** What a line tells its owner. */
export interface LineHandler {
  opened(): void;
  /** One text message: `bytes` from `start` to `end`, valid during the call only. */
  text(bytes: Buffer, start: number, end: number): void;
  failed(reason: string): void;
}

/**
 * A WebSocket client that does as little as a correct one can, so that the generator keeps up with the server:
 * all lines read into one buffer and texts are handed out in place.
 */
export class WebSocketLine {
  readonly #socket: Socket;
  readonly #handler: LineHandler;
  #isOpen = false;
  #isClosed = false;
  /** Bytes of a frame whose end is still to come. */
  #rest: Buffer | undefined;

  constructor(host: string, port: number, path: string, handler: LineHandler) {
    this.#handler = handler;
    const onread = {
      buffer: READ_BUFFER,
      callback: (length: number): boolean => {
        this.#read(READ_BUFFER.subarray(0, length), length);
        return true;
      },
    };
    this.#socket = connect({ host, port, noDelay: true, onread });
    this.#socket.on('connect', () => this.#socket.write(upgradeRequest(host, port, path)));
    this.#socket.on('error', (error) => this.#fail(`socket error: ${error.message}`));
    this.#socket.on('close', () => this.#fail('the server ended the connection'));
  }

  send(text: string): void {
    this.#socket.write(clientFrame(TEXT, text));
  }

  /** Cuts the line with a reset, which leaves no TIME_WAIT behind to run out of ports. */
  cut(): void {
    this.#isClosed = true;
    this.#socket.resetAndDestroy();
  }

  #fail(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.destroy();
    this.#handler.failed(reason);
  }

  #read(chunk: Buffer, length: number): void {
    let bytes = chunk;
    let end = length;
    if (this.#rest !== undefined) {
      bytes = Buffer.concat([this.#rest, chunk]);
      end = bytes.length;
      this.#rest = undefined;
    }
    let at = this.#isOpen ? 0 : this.#readUpgrade(bytes);
    while (this.#isOpen && at < end) {
      const next = this.#readFrame(bytes, at, end);
      if (next === at || this.#isClosed) break;
      at = next;
    }
    // The read buffer is everybody's; what is left over must be copied out of it.
    if (at < end && !this.#isClosed) this.#rest = Buffer.from(bytes.subarray(at, end));
  }

  /** Returns where the answer to the upgrade ends; 0 while it is incomplete. */
  #readUpgrade(bytes: Buffer): number {
    const end = bytes.indexOf('\r\n\r\n');
    if (end === -1) return 0;
    const head = bytes.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 101 ') || !head.includes(ACCEPT)) {
      this.#fail(`upgrade refused: ${head.split('\r\n', 1)[0]}`);
      return 0;
    }
    this.#isOpen = true;
    this.#handler.opened();
    return end + 4;
  }

  /** Returns where the frame ends; `at` itself while it is incomplete. */
  #readFrame(bytes: Buffer, at: number, end: number): number {
    if (end - at < 2) return at;
    const first = bytes[at] ?? 0;
    let length = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (length === 126) {
      if (end - at < 4) return at;
      length = bytes.readUInt16BE(start);
      start += 2;
    } else if (length === 127) {
      if (end - at < 10) return at;
      length = Number(bytes.readBigUInt64BE(start));
      start += 8;
    }
    const stop = start + length;
    if (stop > end) return at;
    if (first === FINAL_TEXT) this.#handler.text(bytes, start, stop);
    else if (first === FINAL_PING)
      this.#socket.write(clientFrame(PONG, bytes.toString('latin1', start, stop)));
    else if (first === FINAL_CLOSE) this.#fail('the server sent a close frame');
    else this.#fail(`unexpected frame with first byte 0x${first.toString(16)}`);
    return stop;
  }
}

const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
const TEXT = 0x81;
const PONG = 0x8a;
const FINAL_TEXT = 0x81;
const FINAL_CLOSE = 0x88;
const FINAL_PING = 0x89;
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

/** Headers as Chromium sends them, but for the compression offer, which some subjects would take and some not. */
function upgradeRequest(host: string, port: number, path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Connection: Upgrade',
    'Pragma: no-cache',
    'Cache-Control: no-cache',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Upgrade: websocket',
    `Origin: http://${host}:${port}`,
    'Sec-WebSocket-Version: 13',
    'Accept-Encoding: gzip, deflate, br, zstd',
    'Accept-Language: en-US,en;q=0.9',
    `Sec-WebSocket-Key: ${KEY}`,
    '\r\n',
  ].join('\r\n');
}

const MASK = Buffer.from([0x37, 0xfa, 0x21, 0x3d]);

/** A masked frame around Latin-1 text below 64 KiB. */
function clientFrame(first: number, text: string): Buffer {
  const length = text.length;
  const head = length < 126 ? 6 : 8;
  const frame = Buffer.allocUnsafe(head + length);
  frame[0] = first;
  if (length < 126) {
    frame[1] = 0x80 | length;
  } else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  MASK.copy(frame, head - 4);
  for (let i = 0; i < length; i++) frame[head + i] = text.charCodeAt(i) ^ (MASK[i & 3] ?? 0);
  return frame;
}
