import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { Inbox } from './scripted-server.ts';

/** One request and what the test makes of it. */
export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** `SERVER/SESSION`. */
  readonly session: string;
  /** Method and path, without server and session. */
  readonly what: string;
  readonly query: URLSearchParams;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.request = request;
    this.response = response;
    const url = new URL(request.url ?? '', 'http://test');
    const [, session = '', rest = ''] = /^\/base\/(\d{3}\/\w+)\/(.*)/.exec(url.pathname) ?? [];
    this.session = session;
    this.what = `${request.method} ${rest}`;
    this.query = url.searchParams;
  }

  async body(): Promise<string> {
    return Buffer.concat(await this.request.toArray()).toString();
  }

  answer(status: number, body = ''): void {
    this.response.writeHead(status).end(body);
  }
}

/** An HTTP server that does nothing by itself; SockJS sessions are expected at `url`. */
export interface ScriptedHttp {
  readonly url: string;
  /** Those that receive. */
  readonly receives: Inbox<Exchange>;
  /** Those that send: `xhr_send`. */
  readonly sends: Inbox<Exchange>;
}

export async function startHttp(): Promise<ScriptedHttp> {
  const receives = new Inbox<Exchange>();
  const sends = new Inbox<Exchange>();
  const server = createServer((request, response) => {
    const exchange = new Exchange(request, response);
    (exchange.what === 'POST xhr_send' ? sends : receives).put(exchange);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/base?token=t`, receives, sends };
}
