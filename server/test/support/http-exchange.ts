import http from 'node:http';
import type { Socket } from 'node:net';
import { Inbox, within } from './inbox.ts';

/** What a request consists of beside its URL. */
export interface Ask {
  readonly method?: string;
  readonly headers?: http.OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  /** Send the body in chunks instead of announcing its length. */
  readonly chunked?: boolean;
  /** Call from this address of the machine. */
  readonly localAddress?: string;
}

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** Makes one request on a connection of its own, without cookies, and reads the whole answer. */
export async function request(url: string, ask: Ask = {}): Promise<Answer> {
  const stream = await openStream(url, ask);
  return { status: stream.status, headers: stream.headers, body: await stream.rest() };
}

export function get(url: string, headers: http.OutgoingHttpHeaders = {}): Promise<Answer> {
  return request(url, { headers });
}

export function post(
  url: string,
  body: string | Buffer = '',
  headers: http.OutgoingHttpHeaders = {},
): Promise<Answer> {
  return request(url, { method: 'POST', body, headers });
}

/** An answer that is read while it is written. */
export class HttpStream {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly response: http.IncomingMessage;
  readonly #url: string;
  readonly #complete: Promise<void>;
  #text = '';
  #more = new Inbox<void>('the answer');

  constructor(url: string, response: http.IncomingMessage) {
    this.#url = url;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    this.response = response;
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      this.#text += chunk;
      this.#more.push();
    });
    this.#complete = new Promise((resolve, reject) => {
      response.on('end', resolve);
      response.on('error', reject);
    });
    this.#complete.then(
      () => this.#more.end(`complete, unread is ${JSON.stringify(this.#text.slice(0, 200))}`),
      (error: Error) => this.#more.end(error.message),
    );
  }

  /** Everything up to and including the delimiter; rejects when the answer ends before. */
  async readThrough(delimiter: string): Promise<string> {
    for (;;) {
      const read = this.#cut(delimiter);
      if (read !== undefined) return read;
      await this.#more.next();
    }
  }

  /** Everything until the server ends the answer; rejects when the line is cut before. */
  async rest(): Promise<string> {
    await within(`end of ${this.#url}`, this.#complete);
    return this.#text;
  }

  /** Hands over each part that ends with the delimiter, however long it takes, until the answer ends. */
  async readEach(delimiter: string, handle: (part: string) => void): Promise<void> {
    const handleAll = (): void => {
      for (let part = this.#cut(delimiter); part !== undefined; part = this.#cut(delimiter)) handle(part);
    };
    this.#more.pipe(handleAll);
    handleAll();
    await this.#complete;
  }

  /** Cuts the line and waits until it is down. */
  async abort(): Promise<void> {
    if (this.response.closed) return;
    const closed = new Promise<void>((resolve) => this.response.once('close', resolve));
    this.response.destroy();
    await within(`abort of ${this.#url}`, closed);
  }

  #cut(delimiter: string): string | undefined {
    const at = this.#text.indexOf(delimiter);
    if (at === -1) return undefined;
    const read = this.#text.slice(0, at + delimiter.length);
    this.#text = this.#text.slice(read.length);
    return read;
  }
}

/** Makes one request and resolves as soon as the answer's head is there. */
export function openStream(url: string, ask: Ask = {}): Promise<HttpStream> {
  return within(`answer to ${ask.method ?? 'GET'} ${url.slice(0, 200)}`, startRequest(url, ask).answered);
}

/** A request under way whose answer may take its time, as that of a poll does. */
export interface PendingRequest {
  readonly answered: Promise<HttpStream>;
  /** Cuts the line, answered or not, and waits until it is down. */
  abort(): Promise<void>;
}

export function startRequest(url: string, ask: Ask = {}): PendingRequest {
  const body = ask.body ?? '';
  const request = http.request({
    ...parts(url),
    method: ask.method ?? 'GET',
    agent: false,
    headers: {
      ...(ask.method === 'POST' && !ask.chunked ? { 'content-length': Buffer.byteLength(body) } : {}),
      ...ask.headers,
    },
    ...(ask.localAddress === undefined ? {} : { localAddress: ask.localAddress }),
  });
  const answered = new Promise<HttpStream>((resolve, reject) => {
    request.on('response', (incoming) => resolve(new HttpStream(url, incoming)));
    // After the answer this says nothing: a server that refuses a long body hangs up while it is being sent.
    request.on('error', reject);
  });
  // Whoever aborts does not wait for the answer.
  answered.catch(() => {});
  if (ask.chunked) {
    for (const half of halves(body)) request.write(half);
    request.end();
  } else {
    request.end(body);
  }
  const closed = new Promise<void>((resolve) => request.once('close', resolve));
  return {
    answered,
    abort: () => {
      request.destroy();
      return within(`abort of ${url}`, closed);
    },
  };
}

/** Writes bytes to the server as they are and reads until it hangs up or `until` came. */
export async function exchange(socket: Socket, bytes: string, until?: string): Promise<string> {
  socket.setEncoding('utf8');
  let text = '';
  const done = new Promise<void>((resolve) => {
    socket.on('data', (chunk) => {
      text += String(chunk);
      if (until !== undefined && text.includes(until)) resolve();
    });
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  socket.write(bytes);
  await within('answer to raw bytes', done);
  return text;
}

/** Without `URL`, which would tidy up the very paths that some tests are about. */
function parts(url: string): { host: string; port: string; path: string } {
  const [, host, port, path] = /^http:\/\/([^/:]+):(\d+)(\/.*)$/.exec(url) ?? [];
  if (host === undefined || port === undefined || path === undefined) throw new Error(`no test URL: ${url}`);
  return { host, port, path };
}

function halves(body: string | Buffer): Buffer[] {
  const bytes = Buffer.from(body);
  const middle = bytes.length >> 1;
  return [bytes.subarray(0, middle), bytes.subarray(middle)].filter((half) => half.length > 0);
}
