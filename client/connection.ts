import { CloseCode, mayReconnect } from '../protocol/close-codes.ts';
import { Backoff } from './backoff.ts';
import type { Environment } from './environment.ts';
import { RoomplexError } from './errors.ts';
import { LongestText } from './longest-text.ts';
import { SilenceWatch } from './silence-watch.ts';
import { Dialing, type Rung } from './transports/dialing.ts';
import { Grudges } from './transports/grudges.ts';
import type { Line, LineEnd } from './transports/line.ts';
import { openLine, STOCK_TRANSPORTS } from './transports/open-line.ts';
import type { ClientState, RetryInfo, TransportName } from './types.ts';

/** What a connection tells its client. State and transport are up to date when it calls. */
export interface ConnectionListener {
  /** {@link Connection.state} changed. */
  changed(): void;
  message(text: string): void;
  /** The server closes the connection because of a message as long as this, the longest that it was sent. */
  refusedUnread(text: string): void;
  /** Something the application may want to tell. */
  failed(error: RoomplexError): void;
}

export interface ConnectionOptions {
  /** Absolute, with the query that every request gets. */
  readonly url: URL;
  readonly transports: readonly TransportName[];
  /** How often the server gives a sign of life; 0 when it gives none. */
  readonly heartbeatMs: number;
}

/** How long WebSocket may keep silent before the others are tried beside it. */
const HEAD_START_MS = 3000;

/** More waiting to leave than this, and sending is refused. */
const BACKLOG_LIMIT = 16 * 1024 * 1024;

/** A line is lost when it was silent for so many heartbeats. */
const SILENT_HEARTBEATS = 2.5;

const OWN_TRANSPORTS = ['websocket', 'xhr-streaming', 'eventsource', 'xhr-polling'] as const;

type State =
  | { readonly type: 'connecting'; readonly dialing: Dialing; readonly since: number }
  | {
      readonly type: 'open';
      readonly line: Line;
      readonly transport: TransportName;
      readonly openedAt: number;
      readonly watch: SilenceWatch;
      readonly longest: LongestText;
    }
  | { readonly type: 'waiting'; readonly retry: RetryInfo; readonly cancel: () => void }
  | { readonly type: 'closed'; readonly error: RoomplexError };

/** The one line to the server: opened, watched, and opened again for as long as the client lives. */
export class Connection {
  readonly #environment: Environment;
  readonly #options: ConnectionOptions;
  readonly #listener: ConnectionListener;
  readonly #backoff: Backoff;
  readonly #grudges: Grudges;
  readonly #stopListeningForWake: () => void;
  #lastTransport: TransportName | null = null;
  #state: State;

  constructor(environment: Environment, options: ConnectionOptions, listener: ConnectionListener) {
    this.#environment = environment;
    this.#options = options;
    this.#listener = listener;
    this.#backoff = new Backoff(environment.random, environment.clock);
    this.#grudges = new Grudges(environment.clock);
    this.#stopListeningForWake = environment.onWake(() => {
      this.#wake();
    });
    this.#state = { type: 'connecting', dialing: this.#dial(), since: environment.clock.now() };
  }

  get state(): ClientState {
    return this.#state.type;
  }

  get transport(): TransportName | null {
    return this.#state.type === 'open' ? this.#state.transport : null;
  }

  get retry(): RetryInfo | null {
    return this.#state.type === 'waiting' ? this.#state.retry : null;
  }

  /** Why it is closed. */
  get error(): RoomplexError | null {
    return this.#state.type === 'closed' ? this.#state.error : null;
  }

  /** True when the network takes less than is sent, and more would only fill memory. */
  get isCongested(): boolean {
    return this.#state.type === 'open' && this.#state.line.backlog > BACKLOG_LIMIT;
  }

  /** Does nothing unless it is open. */
  send(text: string): void {
    if (this.#state.type !== 'open') return;
    this.#state.longest.add(text);
    this.#state.line.send(text);
  }

  /** Nothing answers for so long: if nothing else was heard either, though there must have been, the line is lost. */
  doubt(ms: number): void {
    const { heartbeatMs } = this.#options;
    if (this.#state.type === 'open' && heartbeatMs > 0 && heartbeatMs < ms) this.#state.watch.doubt(ms);
  }

  /** Ends the wait, if there is one. */
  reconnect(): void {
    this.#grudges.forgive();
    this.#tryNow();
  }

  async close(): Promise<void> {
    const state = this.#state;
    if (state.type === 'closed') return;
    this.#enterClosed(new RoomplexError('closed', 'the client was closed'));
    switch (state.type) {
      case 'connecting':
        state.dialing.abandon();
        return;
      case 'waiting':
        state.cancel();
        return;
      case 'open':
        state.watch.stop();
        await state.line.close();
    }
  }

  #tryNow(): void {
    const state = this.#state;
    if (state.type === 'waiting') {
      state.cancel();
      this.#connect();
    } else if (state.type === 'connecting' && this.#environment.clock.now() - state.since > HEAD_START_MS) {
      // A try that began when there was no network may go on for long without noticing that there is one.
      state.dialing.abandon();
      this.#startDialing();
    }
  }

  #connect(): void {
    this.#startDialing();
    this.#listener.changed();
  }

  #startDialing(): void {
    this.#state = { type: 'connecting', dialing: this.#dial(), since: this.#environment.clock.now() };
  }

  #dial(): Dialing {
    const { clock } = this.#environment;
    const isFallback = this.#lastTransport !== null && this.#lastTransport !== 'websocket';
    return new Dialing(this.#rungs(), isFallback ? 0 : HEAD_START_MS, clock, {
      opened: (line, transport) => {
        this.#opened(line, transport);
      },
      failed: (end) => {
        // Nothing works now, so no single transport was to blame for what was cut before.
        this.#grudges.forgive();
        const error = new RoomplexError('unreachable', describe('the server cannot be reached', end));
        this.#again(end, error);
      },
      heard: () => {
        if (this.#state.type === 'open') this.#state.watch.heard();
      },
      beatAnswered: () => {
        if (this.#state.type === 'open') this.#state.watch.heard();
      },
      message: (text) => {
        if (this.#state.type !== 'open') return;
        this.#state.watch.heard();
        this.#listener.message(text);
      },
      closed: (end) => {
        this.#lost(end);
      },
    });
  }

  #rungs(): Rung[] {
    const { url, heartbeatMs } = this.#options;
    const request = { url, heartbeatMs, postLimit: { bytes: 65_536 } };
    const transports = this.#grudges.worthTrying(this.#options.transports);
    const own = OWN_TRANSPORTS.filter((transport) => transports.includes(transport));
    const stock = STOCK_TRANSPORTS.filter((transport) => transports.includes(transport));
    return [...own, ...(stock.length > 0 ? [stock] : [])].map(
      (way) => (listener) => openLine(way, request, this.#environment, listener),
    );
  }

  #opened(line: Line, transport: TransportName): void {
    const { clock } = this.#environment;
    this.#lastTransport = transport;
    const watch = new SilenceWatch(clock, this.#options.heartbeatMs * SILENT_HEARTBEATS, () => {
      void line.close();
      this.#lost({ code: CloseCode.abnormal, reason: 'the line went silent', isClean: false });
    });
    this.#state = { type: 'open', line, transport, openedAt: clock.now(), watch, longest: new LongestText() };
    this.#listener.changed();
  }

  #lost(end: LineEnd): void {
    const state = this.#state;
    if (state.type !== 'open') return;
    const { transport, openedAt, watch, longest } = state;
    watch.stop();
    if (end.code === CloseCode.tooBig && longest.text !== null) this.#listener.refusedUnread(longest.text);
    // Whoever was told of it may have closed the client.
    if (this.#state !== state) return;
    const livedMs = this.#environment.clock.now() - openedAt;
    this.#backoff.lived(livedMs);
    this.#grudges.ended(transport, livedMs, end);
    this.#again(end, null);
  }

  #again(end: LineEnd, error: RoomplexError | null): void {
    // Before a line is open only the server's plain word counts; a network may fail in any way.
    if (end.isClean && (error === null || end.code >= 4500) && !mayReconnect(end.code)) {
      const refusal = new RoomplexError('refused', describe('the server ended the connection', end));
      this.#enterClosed(refusal);
      this.#listener.failed(refusal);
      return;
    }
    const { clock } = this.#environment;
    const { attempt, delayMs } = this.#backoff.next();
    const cancel = clock.after(delayMs, () => {
      this.#connect();
    });
    this.#state = { type: 'waiting', retry: { attempt, at: clock.now() + delayMs }, cancel };
    this.#listener.changed();
    if (error !== null) this.#listener.failed(error);
  }

  #wake(): void {
    if (this.#state.type === 'open') this.#state.watch.check();
    else this.#tryNow();
  }

  #enterClosed(error: RoomplexError): void {
    this.#stopListeningForWake();
    this.#state = { type: 'closed', error };
    this.#listener.changed();
  }
}

function describe(what: string, end: LineEnd): string {
  return end.reason === '' ? `${what}: code ${end.code}` : `${what}: ${end.reason}, code ${end.code}`;
}
