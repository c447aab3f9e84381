import { decodeServerFrame } from '../../../protocol/sockjs.ts';
import { post, startRequest, type HttpStream, type PendingRequest } from './http-exchange.ts';
import { Inbox } from './inbox.ts';
import type { Closing, Line } from './line.ts';
import { sessionPath } from './session-path.ts';

/** How one SockJS transport over HTTP receives and sends. */
interface HttpTransport {
  readonly method: 'GET' | 'POST';
  /** Below the session. */
  readonly receive: string;
  /** What comes before the first frame of every answer ends with this. */
  readonly prelude?: string;
  readonly delimiter: string;
  /** The frame in what stands before a delimiter, the delimiter included. */
  readonly frame: (text: string) => string;
  readonly send: string;
  readonly sent: number;
}

const CALLBACK = '_jp.a1b2c3';

const between = (text: string, start: string, end: string): string =>
  text.slice(text.indexOf(start) + start.length, text.lastIndexOf(end));

/** The SockJS transports over HTTP, as a client sees them. */
const HTTP_TRANSPORTS = {
  'xhr-polling': {
    method: 'POST',
    receive: '/xhr',
    delimiter: '\n',
    frame: (text) => text.slice(0, -1),
    send: '/xhr_send',
    sent: 204,
  },
  'xhr-streaming': {
    method: 'POST',
    receive: '/xhr_streaming',
    prelude: 'h\n',
    delimiter: '\n',
    frame: (text) => text.slice(0, -1),
    send: '/xhr_send',
    sent: 204,
  },
  eventsource: {
    method: 'GET',
    receive: '/eventsource',
    prelude: '\r\n',
    delimiter: '\r\n\r\n',
    frame: (text) => decodeURI(text.slice('data: '.length, -4)),
    send: '/xhr_send',
    sent: 204,
  },
  htmlfile: {
    method: 'GET',
    receive: `/htmlfile?c=${CALLBACK}`,
    prelude: '\r\n\r\n',
    delimiter: '</script>\r\n',
    frame: (text) => JSON.parse(between(text, 'p(', ');\n</script>')) as string,
    send: '/xhr_send',
    sent: 204,
  },
  'jsonp-polling': {
    method: 'GET',
    receive: `/jsonp?c=${CALLBACK}`,
    delimiter: ');\r\n',
    frame: (text) => JSON.parse(between(text, `${CALLBACK}(`, ');\r\n')) as string,
    send: '/jsonp_send',
    sent: 200,
  },
} satisfies Record<string, HttpTransport>;

export type HttpTransportName = keyof typeof HTTP_TRANSPORTS;

export const HTTP_TRANSPORT_NAMES = Object.keys(HTTP_TRANSPORTS) as HttpTransportName[];

/**
 * A gateway's protocol over one SockJS transport on plain HTTP, without cookies. `url` is the SockJS base
 * URL, without a query. Resolves when the session is open.
 */
export async function openHttpLine(url: string, name: HttpTransportName): Promise<Line> {
  const line = new HttpLine(url + sessionPath(), HTTP_TRANSPORTS[name]);
  await line.opened;
  return line;
}

class HttpLine implements Line {
  readonly opened: Promise<void>;
  readonly closed: Promise<Closing>;
  readonly #session: string;
  readonly #transport: HttpTransport;
  readonly #messages: Inbox<string>;
  #receiver: PendingRequest | undefined;
  #sending: Promise<void> = Promise.resolve();
  #isOver = false;
  #open!: () => void;
  #close!: (closing: Closing) => void;

  constructor(session: string, transport: HttpTransport) {
    this.#session = session;
    this.#transport = transport;
    this.#messages = new Inbox(session);
    this.closed = new Promise((resolve) => (this.#close = resolve));
    const receiving = this.#receive();
    this.opened = Promise.race([new Promise<void>((resolve) => (this.#open = resolve)), receiving]);
  }

  next(isPatient = false): Promise<string> {
    return this.#messages.next(isPatient);
  }

  send(...texts: string[]): Promise<void> {
    // One at a time: a browser keeps no order between two requests either.
    this.#sending = this.#sending.then(() => this.#post(JSON.stringify(texts)));
    return this.#sending;
  }

  async close(): Promise<void> {
    if (this.#isOver) return;
    this.#end({ code: 1000, reason: 'closed by the test' });
    await this.#receiver?.abort();
  }

  async #post(payload: string): Promise<void> {
    const { send, sent } = this.#transport;
    const answer =
      send === '/jsonp_send'
        ? await post(this.#session + send, `d=${encodeURIComponent(payload)}`, {
            'content-type': 'application/x-www-form-urlencoded',
          })
        : await post(this.#session + send, payload, { 'content-type': 'text/plain' });
    if (answer.status !== sent) throw new Error(`${send} answered ${answer.status} ${answer.body}`);
  }

  async #receive(): Promise<void> {
    while (!this.#isOver) {
      this.#receiver = startRequest(this.#session + this.#transport.receive, {
        method: this.#transport.method,
      });
      try {
        await this.#read(await this.#receiver.answered);
      } catch (error) {
        if (this.#isOver) return;
        this.#end({ code: 1006, reason: (error as Error).message });
        throw error;
      }
    }
  }

  /** Reads one answer to its end. */
  async #read(stream: HttpStream): Promise<void> {
    if (stream.status !== 200) throw new Error(`answered ${stream.status} ${await stream.rest()}`);
    const { prelude, delimiter, frame } = this.#transport;
    if (prelude !== undefined) await stream.readThrough(prelude);
    await stream.readEach(delimiter, (part) => this.#handle(frame(part)));
  }

  #handle(frame: string): void {
    const decoded = decodeServerFrame(frame);
    switch (decoded?.type) {
      case 'open':
        return this.#open();
      case 'messages':
        for (const message of decoded.messages) this.#messages.push(message);
        return;
      case 'close':
        return this.#end(decoded);
      case 'heartbeat':
        return;
      default:
        throw new Error(`no frame: ${frame}`);
    }
  }

  #end(closing: Closing): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#messages.end(`closed with ${closing.code} ${closing.reason}`);
    this.#close({ code: closing.code, reason: closing.reason });
  }
}
