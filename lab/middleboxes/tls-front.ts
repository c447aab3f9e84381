import { connect } from 'node:net';
import { createServer } from 'node:tls';
import selfsigned from 'selfsigned';
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

/** For `localhost` and `127.0.0.1`. */
async function certificate(): Promise<{ key: string; cert: string }> {
  const { private: key, cert } = await selfsigned.generate([{ name: 'commonName', value: 'Roomplex lab' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert };
}
