import { connect } from 'node:net';
import { createServer } from 'node:tls';
import { certificate } from './certificate.ts';
import { listenOnLoopback, type Middlebox } from './loopback-server.ts';

/** Ends TLS with a certificate that nobody knows, and passes on what is inside. */
export async function startTlsFront(originPort: number): Promise<Middlebox> {
  const server = createServer(await certificate(), (inside) => {
    const origin = connect({ port: originPort, host: '127.0.0.1', noDelay: true });
    inside.on('error', () => origin.destroy());
    origin.on('error', () => inside.destroy());
    inside.on('close', () => origin.destroy());
    origin.on('close', () => inside.destroy());
    inside.setNoDelay(true);
    inside.pipe(origin).pipe(inside);
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  return listenOnLoopback(server);
}
