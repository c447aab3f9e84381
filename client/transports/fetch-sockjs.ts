import { CloseCode } from '../../protocol/close-codes.ts';
import { decodeServerFrame } from '../../protocol/sockjs.ts';
import type { LineEnd } from './line.ts';
import { sessionUrl } from './session-url.ts';
import type { SockJSLike } from './sockjs.ts';

/** One way to receive. The session is another one for each. */
interface Receiver {
  readonly transport: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** What a line of a response says; `undefined` when it is there for other reasons. */
  read(line: string): string | undefined;
}

const RECEIVERS: readonly Receiver[] = [
  { transport: 'xhr-streaming', method: 'POST', path: 'xhr_streaming', read: (line) => line },
  {
    transport: 'eventsource',
    method: 'GET',
    path: 'eventsource',
    read: (line) => (line.startsWith('data: ') ? decodeURI(line.slice('data: '.length)) : undefined),
  },
  { transport: 'xhr-polling', method: 'POST', path: 'xhr', read: (line) => line },
];

/** What {@link FetchSockJS} takes. */
interface FetchSockJSOptions {
  readonly transports: readonly string[];
  /** A transport that takes longer to open is passed over: a proxy holds its response back, or nobody answers. */
  readonly openMs?: number;
}

const OPEN_MS = 5000;

/**
 * The part of `sockjs-client` that is needed outside browsers. `sockjs-client` itself does not notice there when a
 * response breaks off in the middle, and would wait for the rest for ever.
 */
export class FetchSockJS implements SockJSLike {
  transport: string | null = null;
  onopen: SockJSLike['onopen'] = null;
  onmessage: SockJSLike['onmessage'] = null;
  onheartbeat: SockJSLike['onheartbeat'] = null;
  onclose: SockJSLike['onclose'] = null;
  readonly #abort = new AbortController();
  readonly #openMs: number;
  #url = '';
  #sendBuffer: string[] = [];
  #isSending = false;

  constructor(url: string, _protocols: null, { transports, openMs = OPEN_MS }: FetchSockJSOptions) {
    this.#openMs = openMs;
    const receivers = RECEIVERS.filter(({ transport }) => transports.includes(transport));
    void this.#run(new URL(url), receivers);
  }

  get _transport(): { readonly sendBuffer: readonly string[]; readonly sendStop: boolean } {
    return { sendBuffer: this.#sendBuffer, sendStop: this.#isSending };
  }

  send(text: string): void {
    this.#sendBuffer.push(JSON.stringify(text));
    if (!this.#isSending) void this.#post();
  }

  close(): void {
    this.#abort.abort();
  }

  /** Tries one receiver after the other; the first that opens is the one. */
  async #run(base: URL, receivers: readonly Receiver[]): Promise<void> {
    // Whoever made it is to have listeners on it first.
    await Promise.resolve();
    let end = broken('no transport is there');
    for (const receiver of receivers) {
      this.#url = sessionUrl(base).href;
      end = await this.#receive(receiver);
      if (this.transport !== null) break;
    }
    this.#end(end);
  }

  async #receive(receiver: Receiver): Promise<LineEnd> {
    const patience = new AbortController();
    const timer = setTimeout(() => {
      if (this.transport === null) patience.abort(new Error('it did not open in time'));
    }, this.#openMs);
    const signal = AbortSignal.any([this.#abort.signal, patience.signal]);
    try {
      for (;;) {
        const response = await this.#fetch(receiver.path, { method: receiver.method, signal });
        if (response.status !== 200) return broken(`HTTP status ${response.status}`);
        for await (const line of linesOf(response)) {
          const end = this.#take(receiver.read(line) ?? '', receiver.transport);
          if (end !== undefined) return end;
        }
        // The server has said what it had to say in one response: it goes on in the next.
      }
    } catch (error) {
      return broken(String(error));
    } finally {
      clearTimeout(timer);
    }
  }

  #take(text: string, transport: string): LineEnd | undefined {
    const frame = decodeServerFrame(text);
    switch (frame?.type) {
      case undefined:
        return undefined;
      case 'open':
        // A server that was restarted opens a new session where it is asked for an old one.
        if (this.transport !== null) return broken('the server lost the session');
        this.transport = transport;
        this.onopen?.();
        return undefined;
      case 'heartbeat':
        this.onheartbeat?.();
        return undefined;
      case 'messages':
        for (const data of frame.messages) this.onmessage?.({ data });
        return undefined;
      case 'close':
        return { code: frame.code, reason: frame.reason, isClean: true };
    }
  }

  async #post(): Promise<void> {
    this.#isSending = true;
    try {
      while (this.#sendBuffer.length > 0) {
        const body = `[${this.#sendBuffer.join(',')}]`;
        this.#sendBuffer = [];
        const { signal } = this.#abort;
        const { ok, status } = await this.#fetch('xhr_send', { method: 'POST', body, signal });
        if (!ok) throw new Error(`HTTP status ${status}`);
      }
    } catch (error) {
      this.#end(broken(`what was sent did not arrive: ${String(error)}`));
    }
    this.#isSending = false;
  }

  async #fetch(
    path: string,
    request: { readonly method: string; readonly body?: string; readonly signal: AbortSignal },
  ): Promise<Response> {
    const url = new URL(this.#url);
    url.pathname += `/${path}`;
    const headers = { 'content-type': 'text/plain' };
    return await fetch(url, { ...request, headers });
  }

  #end({ code, reason, isClean }: LineEnd): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    this.onclose?.({ code, reason, wasClean: isClean });
  }
}

function broken(reason: string): LineEnd {
  return { code: CloseCode.abnormal, reason, isClean: false };
}

/** Whole lines as they come. Throws when the response breaks off. */
async function* linesOf(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of response.body ?? []) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') throw new Error('the response ends in the middle of a line');
}
