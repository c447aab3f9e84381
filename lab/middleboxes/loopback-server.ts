import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A middlebox that listens. */
export interface Middlebox {
  readonly port: number;
  /** Stops listening and cuts what passes through. */
  readonly stop: () => Promise<void>;
}

/** Makes a server listen on a free loopback port; stopping it destroys its connections. */
export async function listenOnLoopback(server: Server): Promise<Middlebox> {
  const sockets = new Set<Socket>();
  // The event for plain connections comes first with TLS as well.
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Cut connections are what a middlebox is made for.
    socket.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
