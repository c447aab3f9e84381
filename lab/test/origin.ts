import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'vitest';
import { WebSocketServer } from 'ws';

/** What the origin tells of a request. */
export interface Seen {
  readonly node: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Of the body, one character for each byte. */
  readonly body: string;
  /** How many requests there were before. */
  readonly before: number;
}

/** A server that shows what arrives at it. */
export interface LabOrigin {
  readonly port: number;
  /** The next response to a request for `/stream`, to be written by the test. Its head has gone out. */
  nextStream(): Promise<ServerResponse>;
  /** Everything that WebSockets have said. */
  readonly heard: string[];
}

/**
 * Tells what it sees of any request as JSON. WebSockets are greeted with `hello`, and then echo. Ends with the
 * test.
 */
export async function startOrigin({ onTestFinished }: TestContext, node = 'first'): Promise<LabOrigin> {
  const streams: ServerResponse[] = [];
  const heard: string[] = [];
  let wake = (): void => undefined;
  let before = 0;
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (path.startsWith('/stream')) {
      const type = path.includes('events') ? 'text/event-stream' : 'text/plain';
      response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' });
      response.flushHeaders();
      response.socket?.setNoDelay(true);
      streams.push(response);
      wake();
      return;
    }
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString('latin1');
      const { method = '', headers } = request;
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      response.end(JSON.stringify({ node, method, path, headers, body, before: before++ } satisfies Seen));
    });
  });
  const websockets = new WebSocketServer({ server, perMessageDeflate: false });
  websockets.on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.send('hello');
    socket.on('message', (data: Buffer) => {
      heard.push(data.toString());
      socket.send(data.toString());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of websockets.clients) socket.terminate();
    server.close();
    server.closeAllConnections();
  });
  return {
    port: (server.address() as AddressInfo).port,
    heard,
    async nextStream() {
      let stream = streams.shift();
      while (stream === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        stream = streams.shift();
      }
      return stream;
    },
  };
}
