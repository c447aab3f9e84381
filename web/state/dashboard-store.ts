import type { Channel, Client } from '../../client/index.ts';
import { type Overview, OVERVIEW_TOPIC, type RoomDetail } from '../../protocol/overview.ts';
import type { ConnectionStore } from './connection-store.ts';
import { IgnoredLog, type IgnoredPlace } from './ignored-log.ts';
import { parseOverviewMessage } from './overview-message.ts';
import { RateMeter } from './rate-meter.ts';
import { RingBuffer } from './ring-buffer.ts';
import { Store } from './store.ts';
import { StoredText } from './stored-text.ts';

/**
 * `locked`: the server wants its admin token. `stale`: the connection is lost and what is shown is old.
 * `refused`: the server does not speak about itself on this connection.
 */
export type DashboardPhase = 'connecting' | 'live' | 'stale' | 'locked' | 'refused';

/** Names a room among all spaces. */
export interface RoomKey {
  readonly space: string;
  readonly name: string;
}

/** Rates per second, and how each went over the last minute. */
export interface Rate {
  readonly now: number | null;
  readonly history: readonly number[];
}

type Total = 'received' | 'published' | 'delivered';
const TOTALS: readonly Total[] = ['received', 'published', 'delivered'];
const HISTORY_SECONDS = 60;

const token = new StoredText('session', 'admin-token');

/** What the server says about itself, while anyone looks. */
export class DashboardStore extends Store {
  readonly #connection: ConnectionStore;
  readonly #meters = new Map(TOTALS.map((total) => [total, new RateMeter()]));
  readonly #histories = new Map(TOTALS.map((total) => [total, new RingBuffer<number>(HISTORY_SECONDS)]));
  readonly #ignored = new IgnoredLog();
  #channel: Channel | null = null;
  #client: Client | null = null;
  #overview: Overview | null = null;
  #detail: RoomDetail | null = null;
  #receivedAt: number | null = null;
  #isLocked = false;
  #tokenWasRefused = false;
  #isRefused = false;
  #selected: RoomKey | null = null;

  constructor(connection: ConnectionStore) {
    super();
    this.#connection = connection;
  }

  get phase(): DashboardPhase {
    const state = this.#client?.state;
    if (this.#isRefused || state === 'closed') return 'refused';
    if (state === 'open' && this.#isLocked) return 'locked';
    if (this.#overview === null) return 'connecting';
    return state === 'open' ? 'live' : 'stale';
  }

  get overview(): Overview | null {
    return this.#overview;
  }

  /** When {@link DashboardStore.overview} came in, ms since 1970, by this browser's clock. */
  get receivedAt(): number | null {
    return this.#receivedAt;
  }

  /** True when a token was given and the server did not accept it. */
  get tokenWasRefused(): boolean {
    return this.#tokenWasRefused;
  }

  get selected(): RoomKey | null {
    return this.#selected;
  }

  /** The selected room's members, once the server has told them. */
  get detail(): RoomDetail | null {
    const { space, name } = this.#selected ?? {};
    return this.#detail?.name === name && this.#detail?.space === space ? this.#detail : null;
  }

  /** What the server turned away. */
  get ignored(): readonly IgnoredPlace[] {
    return this.#ignored.places;
  }

  rate(total: Total): Rate {
    return {
      now: this.#meters.get(total)?.rate(Date.now()) ?? null,
      history: [...(this.#histories.get(total) ?? [])],
    };
  }

  /** Listens to the server until the returned function is called. */
  follow(): () => void {
    const detach = this.#connection.attach((client) => this.#bind(client));
    const timer = setInterval(() => this.#tick(), 1_000);
    return () => {
      clearInterval(timer);
      detach();
    };
  }

  /** Shows the members of this room, or of none. */
  select(room: RoomKey | null): void {
    this.#selected = room;
    this.#detail = null;
    this.#watch();
    this.changed();
  }

  /** Gives the server its admin token, and keeps it for this tab. */
  unlock(text: string): void {
    token.set(text);
    this.#sendToken();
  }

  #bind(client: Client): () => void {
    const channel = client.channel(OVERVIEW_TOPIC);
    this.#client = client;
    this.#channel = channel;
    this.#isRefused = false;
    const onOpen = (): void => {
      this.#isRefused = false;
      this.#isLocked = false;
      if (token.get() !== null) this.#sendToken();
      this.#watch();
      this.changed();
    };
    const stops = [
      client.on('state', () => this.changed()),
      channel.on('open', onOpen),
      channel.on('message', (text) => this.#receive(text)),
      channel.on('close', () => {
        this.#isRefused = client.state === 'open';
        this.changed();
      }),
    ];
    if (channel.isOpen) onOpen();
    this.changed();
    return () => {
      for (const stop of stops) stop();
      channel.close();
      this.#channel = null;
      this.#client = null;
      for (const meter of this.#meters.values()) meter.clear();
    };
  }

  #receive(text: string): void {
    const message = parseOverviewMessage(text);
    if (message === undefined) return;
    if (message.type === 'unauthorized') {
      this.#tokenWasRefused = token.get() !== null && this.#isLocked;
      this.#isLocked = true;
    } else if (message.type === 'room') {
      this.#detail = message;
    } else {
      this.#isLocked = false;
      this.#tokenWasRefused = false;
      this.#overview = message;
      this.#receivedAt = Date.now();
      this.#ignored.read(message.ignoredBy, this.#receivedAt);
      for (const [total, meter] of this.#meters) meter.read(message[total], this.#receivedAt);
    }
    this.changed();
  }

  #tick(): void {
    if (this.phase === 'live') {
      for (const [total, meter] of this.#meters) {
        this.#histories.get(total)?.push(meter.rate(Date.now()) ?? 0);
      }
    }
    this.changed();
  }

  #watch(): void {
    if (this.#channel?.isOpen !== true) return;
    this.#channel.send(JSON.stringify({ watch: this.#selected }));
  }

  #sendToken(): void {
    this.#channel?.send(JSON.stringify({ token: token.get() }));
  }
}
