import type { Endpoint } from '../endpoint.ts';
import type { Line, LineListener } from './line.ts';
import { loadScript } from './load-script.ts';

/** As much of Socket.IO's client as is used. */
interface SocketIO {
  readonly io: { readonly engine: { readonly transport: { readonly name: string } } };
  on(event: 'connect', listener: () => void): void;
  on(event: 'connect_error', listener: (error: Error) => void): void;
  on(event: 'disconnect', listener: (reason: string) => void): void;
  onAny(listener: (...event: unknown[]) => void): void;
  emit(event: string, ...rest: unknown[]): void;
  disconnect(): void;
}

interface SocketIOOptions {
  readonly path: string;
  readonly transports: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly forceNew: true;
  readonly reconnection: false;
}

declare global {
  interface Window {
    /** What `socket.io.js` defines. */
    io?: (url: string, options: SocketIOOptions) => SocketIO;
  }
}

/**
 * A namespace by Socket.IO's own client, which the server hands out. A text is a JSON array of an event and its
 * arguments, the other way too; what an acknowledgement brings is shown as `ack […]`.
 */
export function openSocketIOLine(
  endpoint: Endpoint,
  transports: readonly string[],
  listener: LineListener,
): Line {
  let socket: SocketIO | null = null;
  let isOver = false;
  const end = (reason: string): void => {
    if (isOver) return;
    isOver = true;
    socket?.disconnect();
    listener.closed({ code: null, reason });
  };
  const { server, namespace, query } = endpoint;
  const dial = (): void => {
    if (isOver) return;
    if (window.io === undefined) {
      end('socket.io.js is not the client of Socket.IO');
      return;
    }
    const opened = window.io(new URL(namespace, server).href, {
      path: new URL('socket.io', server).pathname,
      transports,
      query: Object.fromEntries(new URLSearchParams(query)),
      forceNew: true,
      reconnection: false,
    });
    socket = opened;
    opened.on('connect', () => listener.opened(opened.io.engine.transport.name));
    opened.on('connect_error', (error) => end(error.message));
    opened.on('disconnect', (reason) => end(reason));
    opened.onAny((...event) => listener.message(JSON.stringify(event)));
  };
  loadScript(new URL('socket.io/socket.io.js', server).href).then(dial, (error: Error) => end(error.message));
  return {
    send: (text) => {
      const event = asEvent(text);
      if (event === undefined) {
        listener.noted('Not sent: a frame here is a JSON array that starts with the name of an event.');
        return;
      }
      const [name, ...rest] = event;
      socket?.emit(name, ...rest, (...answer: unknown[]) => {
        if (!isOver) listener.message(`ack ${JSON.stringify(answer)}`);
      });
    },
    close: () => end(''),
  };
}

function asEvent(text: string): [string, ...unknown[]] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && typeof value[0] === 'string'
      ? (value as [string, ...unknown[]])
      : undefined;
  } catch {
    return undefined;
  }
}
