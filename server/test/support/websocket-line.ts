import { WebSocket, type ClientOptions } from 'ws';
import { decodeServerFrame } from '../../../protocol/sockjs.ts';
import { Inbox, within } from './inbox.ts';
import type { Closing, Line } from './line.ts';
import { sessionPath } from './session-path.ts';

/** A WebSocket whose text frames can be awaited one by one. */
export class TextSocket {
  readonly socket: WebSocket;
  readonly frames: Inbox<string>;
  readonly closed: Promise<Closing>;

  constructor(socket: WebSocket, name: string) {
    this.socket = socket;
    this.frames = new Inbox(name);
    socket.on('message', (data, isBinary) => {
      this.frames.push(isBinary ? `binary:${(data as Buffer).toString('hex')}` : (data as Buffer).toString());
    });
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.frames.end(`closed with ${code} ${reason.toString()}`);
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  next(isPatient = false): Promise<string> {
    return this.frames.next(isPatient);
  }

  send(data: string | Buffer, binary = typeof data !== 'string'): void {
    this.socket.send(data, { binary });
  }

  async close(): Promise<void> {
    this.socket.close();
    await within('close of a WebSocket', this.closed);
  }
}

/** Opens a WebSocket and waits until the server took it; rejects with the status when it did not. */
export async function openSocket(url: string, options: ClientOptions = {}): Promise<TextSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  const text = new TextSocket(socket, url);
  await within(
    `opening ${url}`,
    new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    }),
  );
  // From here on a broken line shows as `closed`; an unheard `error` event would end the process.
  socket.on('error', () => {});
  return text;
}

/** The status with which an upgrade is refused; rejects when it is not. */
export async function refusedUpgrade(url: string, options: ClientOptions = {}): Promise<number> {
  const socket = new WebSocket(url, { perMessageDeflate: false, ...options });
  return within(
    `refusal of ${url}`,
    new Promise<number>((resolve, reject) => {
      socket.once('unexpected-response', (_, response) => {
        response.resume();
        socket.terminate();
        resolve(response.statusCode ?? 0);
      });
      socket.once('open', () => {
        socket.terminate();
        reject(new Error(`${url} was accepted`));
      });
      socket.on('error', reject);
    }),
  );
}

/** The gateway's own protocol as plain text frames. */
export async function openRawLine(url: string, options: ClientOptions = {}): Promise<Line> {
  const text = await openSocket(url, options);
  return {
    closed: text.closed,
    next: (isPatient) => text.next(isPatient),
    close: () => text.close(),
    send: (...messages) => {
      for (const message of messages) text.send(message);
      return Promise.resolve();
    },
  };
}

/** The gateway's protocol in SockJS frames. `url` is the SockJS base URL; its query goes along. */
export async function openSockJSLine(url: string, options: ClientOptions = {}): Promise<Line> {
  const address = new URL(url);
  address.pathname = `${address.pathname}${sessionPath()}/websocket`;
  const text = await openSocket(address.href, options);
  const open = await text.next();
  if (open !== 'o') throw new Error(`${url} opened with ${open}`);
  const messages = new Inbox<string>(url);
  let closing: Closing | undefined;
  text.frames.pipe((encoded) => {
    const frame = decodeServerFrame(encoded);
    if (frame?.type === 'messages') for (const message of frame.messages) messages.push(message);
    if (frame?.type === 'close') closing = { code: frame.code, reason: frame.reason };
  });
  const closed = text.closed.then((socketClosing) => {
    const last = closing ?? socketClosing;
    messages.end(`closed with ${last.code} ${last.reason}`);
    return last;
  });

  return {
    closed,
    next: (isPatient) => messages.next(isPatient),
    close: () => text.close(),
    send: (...texts) => {
      text.send(JSON.stringify(texts));
      return Promise.resolve();
    },
  };
}
