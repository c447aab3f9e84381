import type {
  Client,
  ClientState,
  ConnectOptions,
  RetryInfo,
  TransportFinding,
  TransportName,
} from '../../client/index.ts';
import { Store } from './store.ts';

/** How the one connection of this page is doing, in the words the page uses. */
export type ConnectionPhase = 'connecting' | 'open' | 'reconnecting' | 'refused';

/** A cut that mends sooner is not worth a word: by the time one has read it, it is over. */
const SHORT_CUT_MS = 1_000;

type Connect = (url: string, options?: ConnectOptions) => Client;
type Binding = (client: Client) => () => void;

/** The one connection of this page, its state, and which transport the user insists on. */
export class ConnectionStore extends Store {
  readonly url: string;
  readonly #connect: Connect;
  readonly #bindings = new Map<Binding, () => void>();
  #client: Client;
  #release: () => void;
  #forced: TransportName | null;
  #openedAt: number | null = null;
  #hasBeenOpen = false;
  #losses = 0;
  #lastError: string | null = null;
  #isCutOff = false;
  #wasCutOff = false;
  #cutTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(connect: Connect, url: string, forced: TransportName | null) {
    super();
    this.#connect = connect;
    this.url = url;
    this.#forced = forced;
    this.#client = this.#open();
    this.#release = this.#listen(this.#client);
    this.#watchCut();
  }

  /** The client of now; what outlives it belongs in {@link ConnectionStore.attach}. */
  get client(): Client {
    return this.#client;
  }

  get phase(): ConnectionPhase {
    const state = this.#client.state;
    if (state === 'open') return 'open';
    if (state === 'closed') return 'refused';
    return this.#hasBeenOpen || state === 'waiting' ? 'reconnecting' : 'connecting';
  }

  /** True once the connection has been missing for longer than a moment. */
  get isCutOff(): boolean {
    return this.#isCutOff;
  }

  /** True when the connection of now, or the last one, came after it had been missing for longer than a moment. */
  get wasCutOff(): boolean {
    return this.#wasCutOff;
  }

  get transport(): TransportName | null {
    return this.#client.transport;
  }

  /** Set while the client counts down to its next try. */
  get retry(): RetryInfo | null {
    return this.#client.retry;
  }

  /** The transport the user insists on; `null` lets the client choose. */
  get forced(): TransportName | null {
    return this.#forced;
  }

  /** When the connection was made, ms since 1970; `null` while there is none. */
  get openedAt(): number | null {
    return this.#openedAt;
  }

  /** How often the connection was lost since the page was opened or the transport chosen. */
  get losses(): number {
    return this.#losses;
  }

  /** True once this client was connected: what is missing now was there before. */
  get hasBeenOpen(): boolean {
    return this.#hasBeenOpen;
  }

  /** What is known about each transport, best first. */
  get findings(): readonly TransportFinding[] {
    return this.#client.findings;
  }

  get lastError(): string | null {
    return this.#lastError;
  }

  /**
   * Runs `binding` with the client, now and again with each client that replaces it; what `binding` returns
   * is called before the client goes. Returns a function that ends the arrangement.
   */
  attach(binding: Binding): () => void {
    this.#bindings.set(binding, binding(this.#client));
    return () => {
      this.#bindings.get(binding)?.();
      this.#bindings.delete(binding);
    };
  }

  /** Connects anew, over this transport alone or, with `null`, over whichever works best. */
  choose(transport: TransportName | null): void {
    this.#forced = transport;
    this.#replaceClient();
  }

  /** Tries now instead of after the countdown; after a refusal, tries from the start. */
  tryNow(): void {
    if (this.#client.state === 'closed') this.#replaceClient();
    else this.#client.reconnect();
    this.changed();
  }

  #replaceClient(): void {
    const bindings = [...this.#bindings.keys()];
    for (const cleanUp of this.#bindings.values()) cleanUp();
    this.#release();
    void this.#client.close();
    this.#openedAt = null;
    this.#hasBeenOpen = false;
    this.#losses = 0;
    this.#lastError = null;
    this.#client = this.#open();
    this.#release = this.#listen(this.#client);
    for (const binding of bindings) this.#bindings.set(binding, binding(this.#client));
    this.#watchCut();
    this.changed();
  }

  #watchCut(): void {
    const { state } = this.#client;
    if (state !== 'open' && state !== 'closed') {
      this.#cutTimer ??= setTimeout(() => {
        this.#isCutOff = true;
        this.changed();
      }, SHORT_CUT_MS);
      return;
    }
    clearTimeout(this.#cutTimer);
    this.#cutTimer = undefined;
    this.#wasCutOff = this.#isCutOff;
    this.#isCutOff = state === 'closed';
  }

  #open(): Client {
    return this.#connect(this.url, this.#forced === null ? {} : { transports: [this.#forced] });
  }

  #listen(client: Client): () => void {
    const onState = (state: ClientState): void => {
      if (state === 'open') {
        this.#hasBeenOpen = true;
        this.#openedAt = Date.now();
        this.#lastError = null;
      } else if (this.#openedAt !== null) {
        this.#openedAt = null;
        this.#losses += 1;
      }
      this.#watchCut();
      this.changed();
    };
    const stops = [
      client.on('state', onState),
      client.on('transport', () => this.changed()),
      client.on('findings', () => this.changed()),
      client.on('error', (error) => {
        this.#lastError = error.message;
        this.changed();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }
}
