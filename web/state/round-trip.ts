import type { Channel, Client } from '../../client/index.ts';
import { LATENCY_TOPIC } from '../../protocol/overview.ts';
import type { ConnectionStore } from './connection-store.ts';
import { Store } from './store.ts';

const EVERY_MS = 2_000;
/** Tells these pings from those of the latency meter, which may share the channel. */
const MARK = 'round-trip:';

/** How long the server takes to answer over the connection of now, measured while somebody wants to know. */
export class RoundTrip extends Store {
  readonly #connection: ConnectionStore;
  #ms: number | null = null;
  #channel: Channel | null = null;
  #sentAt: number | null = null;
  #count = 0;
  #stop: (() => void) | null = null;

  constructor(connection: ConnectionStore) {
    super();
    this.#connection = connection;
  }

  /** The latest; `null` until there is one. */
  get ms(): number | null {
    return this.#ms;
  }

  start(): void {
    if (this.#stop !== null) return;
    const detach = this.#connection.attach((client) => this.#bind(client));
    const timer = setInterval(() => this.#ping(), EVERY_MS);
    this.#stop = () => {
      clearInterval(timer);
      detach();
    };
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    this.#ms = null;
  }

  #bind(client: Client): () => void {
    const channel = client.channel(LATENCY_TOPIC);
    this.#channel = channel;
    const stops = [
      channel.on('open', () => this.#ping()),
      channel.on('message', (text) => this.#receive(text)),
      client.on('transport', () => {
        this.#ms = null;
        this.#sentAt = null;
        this.changed();
      }),
    ];
    this.#ping();
    return () => {
      for (const stop of stops) stop();
      channel.close();
      this.#channel = null;
      this.#sentAt = null;
    };
  }

  #ping(): void {
    if (this.#channel?.isOpen !== true) return;
    this.#count += 1;
    this.#sentAt = performance.now();
    this.#channel.send(`${MARK}${this.#count}`);
  }

  #receive(text: string): void {
    if (this.#sentAt === null || text !== `${MARK}${this.#count}`) return;
    this.#ms = performance.now() - this.#sentAt;
    this.#sentAt = null;
    this.changed();
  }
}
