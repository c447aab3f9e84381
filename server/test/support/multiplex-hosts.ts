import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import sockjs from 'sockjs';
import { MultiplexServer } from '../../compat/sockjs-rooms/multiplex-server.ts';
import type { RoomplexServer } from '../../roomplex-server.ts';
import type { Limits } from '../../limits.ts';
import { startServer } from './server.ts';

/** What serves `/multiplex`, and the server code's side of it. */
export interface MultiplexHost extends Pick<RoomplexServer, 'unregisterChannel' | 'registerRoom'> {
  /** Takes the place of a channel of that name, if there is one. */
  registerChannel(name: string): ReturnType<RoomplexServer['registerChannel']>;
  http(path: string): string;
  ws(path: string): string;
  close(): Promise<void>;
}

/**
 * The places where server code finds the multiplex protocol (S2): the server itself, and the class for the
 * `sockjs` package's own service. Only what is registered exists there, and the private echo `latency`.
 */
export const MULTIPLEX_HOSTS: readonly {
  readonly name: string;
  /** Where a WebSocket carries the protocol without frames. */
  readonly rawPath: string;
  /** False where the `sockjs` package reads WebSockets: it takes a binary frame for a text. */
  readonly hasOwnTransports: boolean;
  start(limits?: Partial<Limits>): Promise<MultiplexHost>;
}[] = [
  {
    name: 'createServer',
    rawPath: '/multiplex',
    hasOwnTransports: true,
    async start(limits = {}) {
      const { roomplex, http, ws, close } = await startServer({ rooms: 'listed', limits });
      return {
        registerChannel: (name) => roomplex.registerChannel(name, { replace: true }),
        unregisterChannel: (name) => roomplex.unregisterChannel(name),
        registerRoom: (name, options) => roomplex.registerRoom(name, options),
        http,
        ws,
        close,
      };
    },
  },
  {
    name: 'MultiplexServer on a SockJS service',
    rawPath: '/multiplex/websocket',
    hasOwnTransports: false,
    async start(limits = {}) {
      const service = await startService();
      const server = new MultiplexServer(service.sockjs, { limits });
      server.registerChannel('latency').on('connection', (channel) => {
        channel.on('data', (text) => channel.write(text));
      });
      return {
        registerChannel: (name) => server.registerChannel(name),
        unregisterChannel: (name) => server.unregisterChannel(name),
        registerRoom: (name, options) => server.registerRoom(name, options),
        ...service,
      };
    },
  },
];

/** A service of the `sockjs` package at `/multiplex` of an HTTP server of its own. */
export async function startService(): Promise<
  Pick<MultiplexHost, 'http' | 'ws' | 'close'> & { readonly sockjs: sockjs.Server }
> {
  const service = sockjs.createServer({ log() {} });
  const http = createHttpServer();
  const sockets = new Set<Socket>();
  http.on('connection', (socket) => sockets.add(socket.once('close', () => sockets.delete(socket))));
  service.installHandlers(http, { prefix: '/multiplex' });
  await new Promise<void>((resolve) => {
    http.listen(0, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;
  return {
    sockjs: service,
    http: (path) => `http://127.0.0.1:${port}${path}`,
    ws: (path) => `ws://127.0.0.1:${port}${path}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => {
        http.close(resolve);
      });
    },
  };
}
