import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `up`: what the client sends; `down`: what the server sends. */
export type Direction = 'up' | 'down';

/** What is done to a chunk of bytes on its way. `cut`: all lines are cut, and it is not passed on. */
export type Fate = 'pass' | 'cut' | 'swallow';

/** How a line ends: with a reset, at which the peer may forget what it has not read yet, or in an orderly way. */
export type CutStyle = 'reset' | 'end';

interface Fuse {
  readonly direction: Direction;
  readonly style: CutStyle;
  left: number;
}

/** A network between one client and the server: a TCP proxy that passes bytes on until it is told not to. */
export class BadLine {
  readonly port: number;
  /** What becomes of each chunk; asked before anything else. */
  fate: (direction: Direction, chunk: Buffer) => Fate = () => 'pass';
  /** Nothing gets through: whoever connects is cut off. */
  isDown = false;
  /** WebSocket handshakes are turned away. */
  refusesWebSocket = false;
  readonly #server: Server;
  readonly #target: number;
  readonly #lines = new Set<readonly [inward: Socket, outward: Socket]>();
  readonly #passed = { up: 0, down: 0 };
  #fuse: Fuse | undefined;
  #cuts = 0;
  #isHeld = false;

  private constructor(server: Server, target: number) {
    this.#server = server;
    this.#target = target;
    this.port = (server.address() as AddressInfo).port;
    server.on('connection', (inward) => this.#accept(inward));
  }

  /** Leads to a port of this machine. */
  static async open(target: number): Promise<BadLine> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new BadLine(server, target);
  }

  /** How often lines were cut. */
  get cuts(): number {
    return this.#cuts;
  }

  /** Bytes that have passed, on all lines together. */
  passed(direction: Direction): number {
    return this.#passed[direction];
  }

  /** Cuts all lines when, from now on, exactly so many bytes more have passed, counted over all of them. */
  cutAfter(bytes: number, direction: Direction, style: CutStyle): void {
    this.#fuse = { direction, style, left: bytes };
  }

  /** What the server sends is not read any more, until it is {@link release}d: it piles up over there. */
  hold(): void {
    this.#isHeld = true;
    for (const [, outward] of this.#lines) outward.pause();
  }

  release(): void {
    this.#isHeld = false;
    for (const [, outward] of this.#lines) outward.resume();
  }

  /** The next chunk that comes down with an answer in it is lost, and the lines are cut. */
  loseNextAnswer(): void {
    this.fate = (direction, chunk) => {
      if (direction === 'up' || !isAnswer(chunk)) return 'pass';
      this.losesNothing();
      return 'cut';
    };
  }

  losesNothing(): void {
    this.fate = () => 'pass';
  }

  cut(style: CutStyle): void {
    if (this.#lines.size > 0) this.#cuts++;
    for (const [inward, outward] of this.#lines) {
      for (const socket of [inward, outward]) {
        if (style === 'reset') socket.resetAndDestroy();
        else socket.destroySoon();
      }
    }
    this.#lines.clear();
  }

  async close(): Promise<void> {
    this.#server.close();
    this.cut('reset');
    await once(this.#server, 'close');
  }

  #accept(inward: Socket): void {
    if (this.isDown) {
      inward.resetAndDestroy();
      return;
    }
    const outward = connect({ port: this.#target, host: '127.0.0.1', noDelay: true });
    const line = [inward, outward] as const;
    this.#lines.add(line);
    inward.setNoDelay(true);
    inward.on('data', (chunk) => {
      if (this.refusesWebSocket && isHandshake(chunk)) inward.end(REFUSAL);
      else this.#pass('up', chunk, outward);
    });
    outward.on('data', (chunk) => this.#pass('down', chunk, inward));
    if (this.#isHeld) outward.pause();
    for (const [socket, other] of [line, line.toReversed()] as [Socket, Socket][]) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#lines.delete(line);
        other.destroySoon();
      });
    }
  }

  #pass(direction: Direction, chunk: Buffer, to: Socket): void {
    const fate = this.fate(direction, chunk);
    if (fate === 'swallow') return;
    if (fate === 'cut') {
      this.cut('reset');
      return;
    }
    const fuse = this.#fuse?.direction === direction ? this.#fuse : undefined;
    const length = Math.min(chunk.length, fuse?.left ?? chunk.length);
    this.#passed[direction] += length;
    to.write(chunk.subarray(0, length));
    if (fuse === undefined) return;
    fuse.left -= length;
    if (fuse.left > 0) return;
    this.#fuse = undefined;
    this.cut(fuse.style);
  }
}

const REFUSAL = 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

/** An answer to a request, on whatever transport. */
export function isAnswer(chunk: Buffer): boolean {
  return chunk.includes('ACK');
}

function isHandshake(chunk: Buffer): boolean {
  return /^GET [^\r]*\r\n(?:.*\r\n)*upgrade: websocket/i.test(chunk.toString('latin1'));
}
