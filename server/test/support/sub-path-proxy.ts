import http, { type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

/** A reverse proxy that has a server below a path of its own, and tells it nothing of that. */
export interface SubPathProxy {
  /** `http://HOST:PORT/chat`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Puts a proxy in front of a port of this machine. */
export async function subPathProxy(port: number, path = '/chat'): Promise<SubPathProxy> {
  const sockets = new Set<Duplex>();
  const strip = ({ url = '' }: IncomingMessage): string | undefined =>
    url.startsWith(`${path}/`) ? url.slice(path.length) : undefined;
  const server = http.createServer((request, response) => {
    const { method, headers } = request;
    const target = strip(request);
    if (target === undefined) {
      response.writeHead(404).end('nothing of ours\n');
      return;
    }
    const onward = http.request({ host: '127.0.0.1', port, method, path: target, headers, agent: false });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
    const onward = connect(port, '127.0.0.1');
    const lines = [`GET ${strip(request) ?? request.url} HTTP/1.1`];
    for (const [name, value] of Object.entries(request.headers)) lines.push(`${name}: ${String(value)}`);
    onward.write(`${lines.join('\r\n')}\r\n\r\n`);
    onward.write(head);
    onward.pipe(socket).pipe(onward);
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
