import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FirstFrame } from './first-frame.ts';

/** A WebSocket handshake that arrived at a middlebox. */
export interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  /** What the client sent after it. */
  readonly head: Buffer;
  readonly originPort: number;
}

/** What a middlebox does with a WebSocket handshake, and with what follows it. */
export type UpgradeManner = (handshake: Handshake) => void;

export const passed: UpgradeManner = (handshake) => {
  const origin = tunnel(handshake);
  origin.pipe(handshake.socket);
  handshake.socket.pipe(origin);
};

/** Nobody ever answers. */
export const unanswered: UpgradeManner = ({ socket }) => {
  socket.resume();
};

export function answeredWith(status: string, page: string): UpgradeManner {
  return ({ socket }) => {
    socket.end(
      `HTTP/1.1 ${status}\r\nContent-Type: text/html\r\nContent-Length: ${Buffer.byteLength(page)}\r\n` +
        `Connection: close\r\n\r\n${page}`,
    );
  };
}

/** Works, and ends without a close frame so many ms after the server has accepted. */
export function killedAfter(ms: number): UpgradeManner {
  return (handshake) => {
    const origin = tunnel(handshake);
    origin.pipe(handshake.socket);
    handshake.socket.pipe(origin);
    origin.once('data', () => {
      const timer = setTimeout(() => origin.destroy(), ms);
      origin.on('close', () => clearTimeout(timer));
    });
  };
}

/** The handshake is answered, and then nothing comes through in these directions. */
export function mute(directions: {
  readonly up: boolean;
  readonly down: 'at once' | 'after one frame' | false;
}): UpgradeManner {
  return (handshake) => {
    const { socket } = handshake;
    const origin = tunnel(handshake);
    if (directions.up) socket.resume();
    else socket.pipe(origin);
    if (directions.down === false) {
      origin.pipe(socket);
      return;
    }
    const first = new FirstFrame(directions.down === 'after one frame');
    origin.on('data', (bytes: Buffer) => socket.write(first.take(bytes)));
  };
}

/** Brings the handshake to the server. Either side takes the other with it when it goes. */
function tunnel({ request, socket, head, originPort }: Handshake): Socket {
  const origin = connect({ port: originPort, host: '127.0.0.1', noDelay: true });
  origin.on('error', () => socket.destroy());
  origin.on('close', () => socket.destroy());
  socket.on('close', () => origin.destroy());
  const lines = [`${request.method} ${request.url} HTTP/1.1`];
  for (let i = 0; i < request.rawHeaders.length; i += 2)
    lines.push(`${request.rawHeaders[i]}: ${request.rawHeaders[i + 1]}`);
  origin.write(`${lines.join('\r\n')}\r\n\r\n`);
  origin.write(head);
  return origin;
}
