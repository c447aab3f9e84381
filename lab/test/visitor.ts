import { once } from 'node:events';
import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as httpRequest,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type Socket, connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { TestContext } from 'vitest';
import { WebSocket } from 'ws';
import type { Environment } from '../index.ts';
import type { Seen } from './origin.ts';

/** Somebody behind an environment, who uses nothing but sockets. */
export class Visitor {
  readonly #environment: Pick<Environment, 'url' | 'proxy'>;
  readonly #context: TestContext;

  /** What is opened ends with the test. */
  constructor(environment: Pick<Environment, 'url' | 'proxy'>, context: TestContext) {
    this.#environment = environment;
    this.#context = context;
  }

  /** Status, headers and body of one complete response. */
  async ask(
    path: string,
    body?: string | Buffer,
    headers: OutgoingHttpHeaders = {},
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
    const request = await this.#request(path, body === undefined ? 'GET' : 'POST', headers);
    request.end(body);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const parts: Buffer[] = [];
    for await (const part of response) parts.push(part as Buffer);
    return {
      status: response.statusCode ?? 0,
      headers: response.headers,
      body: Buffer.concat(parts).toString(),
    };
  }

  /** What the origin saw of a request that got through. */
  async see(path: string, body?: string | Buffer): Promise<Seen> {
    const { status, body: text } = await this.ask(path, body);
    if (status !== 200) throw new Error(`answered with ${status}`);
    return JSON.parse(text) as Seen;
  }

  /** A response that is read while it comes. */
  async stream(path: string, body?: string): Promise<Stream> {
    const request = await this.#request(path, body === undefined ? 'GET' : 'POST', {});
    request.end(body);
    return new Stream(request);
  }

  /** A WebSocket that may open or not. */
  async websocket(path = '/'): Promise<Line> {
    const { url } = this.#environment;
    const socket = await this.#tunnel();
    const websocket = new WebSocket(url.replace(/^http/, 'ws') + path, {
      perMessageDeflate: false,
      rejectUnauthorized: false,
      ...(socket && { createConnection: () => socket }),
    });
    this.#context.onTestFinished(() => websocket.terminate());
    return new Line(websocket);
  }

  async #request(path: string, method: string, headers: OutgoingHttpHeaders): Promise<ClientRequest> {
    const { url, proxy } = this.#environment;
    const address = url + path;
    const options = { method, headers, agent: false, rejectUnauthorized: false } as const;
    let request: ClientRequest;
    if (proxy === undefined)
      request = (url.startsWith('https:') ? httpsRequest : httpRequest)(address, options);
    else if (url.startsWith('https:')) {
      const socket = await this.#tunnel();
      if (socket === undefined) throw new Error('CONNECT was refused');
      request = httpRequest(address.replace('https:', 'http:'), {
        method,
        headers,
        createConnection: () => socket,
      });
    } else {
      const { hostname, port } = new URL(proxy);
      const { host } = new URL(url);
      request = httpRequest({ ...options, hostname, port, path: address, headers: { ...headers, host } });
    }
    request.on('error', () => undefined);
    this.#context.onTestFinished(() => void request.destroy());
    return request;
  }

  /** What `CONNECT` opens, where there is a proxy; the refusal becomes an error. */
  async #tunnel(): Promise<Socket | undefined> {
    const { url, proxy } = this.#environment;
    if (proxy === undefined) return undefined;
    const { hostname, port } = new URL(proxy);
    const { host, protocol } = new URL(url);
    const socket = connect(Number(port), hostname);
    this.#context.onTestFinished(() => void socket.destroy());
    socket.on('error', () => undefined);
    socket.write(`CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    const [, status] = / (\d+)/.exec(answer.toString()) ?? [];
    if (status !== '200') throw new Error(`CONNECT was answered with ${status}`);
    if (protocol !== 'https:') return socket;
    const secure = connectTls({ socket, rejectUnauthorized: false, servername: 'localhost' });
    await once(secure, 'secureConnect');
    return secure;
  }
}

/** A response in parts. */
export class Stream {
  readonly #request: ClientRequest;
  readonly ended: Promise<'complete' | 'cut'>;
  received = '';
  status: number | undefined;
  #wake = (): void => undefined;

  constructor(request: ClientRequest) {
    this.#request = request;
    this.ended = new Promise((resolve) => {
      request.on('response', (response) => {
        this.status = response.statusCode;
        response.setEncoding('utf8').on('data', (text: string) => {
          this.received += text;
          this.#wake();
        });
        response.on('error', () => undefined);
        response.on('close', () => resolve(response.complete ? 'complete' : 'cut'));
      });
      request.on('close', () => {
        if (this.status === undefined) resolve('cut');
      });
    });
  }

  /** Resolves when so much is there. */
  async has(text: string): Promise<void> {
    while (!this.received.includes(text)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  close(): void {
    this.#request.destroy();
  }
}

/** A WebSocket in the hands of a test. */
export class Line {
  readonly #socket: WebSocket;
  readonly received: string[] = [];
  /** `open`, or why not: `refused 403`, `failed`. */
  readonly outcome: Promise<string>;
  readonly closed: Promise<number>;
  #wake = (): void => undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      this.received.push(data.toString());
      this.#wake();
    });
    this.outcome = new Promise((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('unexpected-response', (_request, { statusCode }) => {
        resolve(`refused ${statusCode}`);
        socket.terminate();
      });
      socket.on('error', () => resolve('failed'));
    });
    this.closed = new Promise((resolve) => void socket.on('close', resolve));
  }

  send(text: string): void {
    this.#socket.send(text);
  }

  async has(text: string): Promise<void> {
    while (!this.received.includes(text)) await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}
