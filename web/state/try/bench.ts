import type { ConnectionStore } from '../connection-store.ts';
import type { ProtocolId } from '../route.ts';
import { Store } from '../store.ts';
import { openLine } from './lines/open-line.ts';
import { PROTOCOLS } from './protocols.ts';
import { TryClient, type TrySurroundings } from './try-client.ts';

/** The clients on a protocol's page: one, or two that can talk to each other. */
export class Bench extends Store {
  readonly #id: ProtocolId;
  readonly #surroundings: TrySurroundings;
  #clients: readonly TryClient[] = [];

  constructor(id: ProtocolId, surroundings: TrySurroundings) {
    super();
    this.#id = id;
    this.#surroundings = surroundings;
    this.#add(0);
  }

  get clients(): readonly TryClient[] {
    return this.#clients;
  }

  /** How many of them are connected. */
  get connected(): number {
    return this.#clients.filter(({ phase }) => phase === 'open').length;
  }

  openSecond(): void {
    if (this.#clients.length === 1) this.#add(1);
  }

  closeSecond(): void {
    this.#clients[1]?.disconnect();
    this.#clients = this.#clients.slice(0, 1);
    this.changed();
  }

  /** Fills in what an address asks for by the names of fields. */
  prefill(parameters: URLSearchParams): void {
    for (const field of PROTOCOLS[this.#id].fields) {
      const value = parameters.get(field.key);
      if (value === null) continue;
      for (const client of this.#clients) if (!client.isBusy) client.fill(field, value);
    }
  }

  #add(index: 0 | 1): void {
    const client = new TryClient(PROTOCOLS[this.#id], index, this.#surroundings);
    client.subscribe(() => this.changed());
    this.#clients = [...this.#clients, client];
    this.changed();
  }
}

/** The benches of a tab. Their lines stay open while another page is looked at. */
export class Benches extends Store {
  readonly #benches = new Map<ProtocolId, Bench>();
  readonly #surroundings: TrySurroundings;

  constructor(connection: ConnectionStore) {
    super();
    this.#surroundings = {
      base: new URL('.', connection.url),
      forced: () => connection.forced,
      openLine,
    };
  }

  /** The bench of a protocol, set up when it is asked for. */
  of(id: ProtocolId): Bench {
    let bench = this.#benches.get(id);
    if (bench === undefined) {
      bench = new Bench(id, this.#surroundings);
      bench.subscribe(() => this.changed());
      this.#benches.set(id, bench);
    }
    return bench;
  }

  /** How many lines to a protocol are open now. */
  connected(id: ProtocolId): number {
    return this.#benches.get(id)?.connected ?? 0;
  }
}

const byConnection = new WeakMap<ConnectionStore, Benches>();

/** The one set of benches beside the page's connection; kept here so that the shell need not load it. */
export function benchesOf(connection: ConnectionStore): Benches {
  let benches = byConnection.get(connection);
  if (benches === undefined) {
    benches = new Benches(connection);
    byConnection.set(connection, benches);
  }
  return benches;
}
