import type { Channel, Client, TransportName } from '../../client/index.ts';
import { LATENCY_TOPIC } from '../../protocol/overview.ts';
import type { ConnectionStore } from './connection-store.ts';
import { LatencyRun } from './latency-run.ts';
import { Store } from './store.ts';

/** How long to wait between pings, in ms. */
export const INTERVALS_MS: readonly number[] = [50, 100, 250, 500, 1_000];

const EARLIER_KEPT = 9;

/** The latency meter: pings over the one connection while it runs, one {@link LatencyRun} per transport. */
export class LatencyStore extends Store {
  readonly #connection: ConnectionStore;
  readonly #earlier: LatencyRun[] = [];
  #run: LatencyRun | null = null;
  #intervalMs = 250;
  #channel: Channel | null = null;
  #timer: ReturnType<typeof setInterval> | null = null;
  #stop: (() => void) | null = null;

  constructor(connection: ConnectionStore) {
    super();
    this.#connection = connection;
  }

  get isRunning(): boolean {
    return this.#stop !== null;
  }

  /** True while it would run but pings could not be timed: the tab is hidden or the connection lost. */
  get isPaused(): boolean {
    return this.isRunning && (this.#channel?.isOpen !== true || document.visibilityState === 'hidden');
  }

  get run(): LatencyRun | null {
    return this.#run;
  }

  /** Runs over other transports, newest first. */
  get earlier(): readonly LatencyRun[] {
    return this.#earlier;
  }

  get intervalMs(): number {
    return this.#intervalMs;
  }

  /** Where the chart's time axis ends, in ms since the run began. */
  get elapsed(): number {
    return this.#run?.elapsed(performance.now()) ?? 0;
  }

  setInterval(ms: number): void {
    this.#intervalMs = ms;
    if (this.isRunning) this.#startTimer();
    this.changed();
  }

  start(): void {
    if (this.isRunning) return;
    const detach = this.#connection.attach((client) => this.#bind(client));
    const onVisibility = (): void => this.changed();
    document.addEventListener('visibilitychange', onVisibility);
    this.#startTimer();
    this.#stop = () => {
      document.removeEventListener('visibilitychange', onVisibility);
      detach();
    };
    this.changed();
  }

  stop(): void {
    this.#stop?.();
    this.#stop = null;
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.changed();
  }

  /** Forgets the current figures and begins anew. */
  clear(): void {
    this.#run = null;
    this.changed();
  }

  #startTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = setInterval(() => this.#ping(), this.#intervalMs);
  }

  #bind(client: Client): () => void {
    const channel = client.channel(LATENCY_TOPIC);
    this.#channel = channel;
    const stops = [
      channel.on('open', () => this.changed()),
      channel.on('message', (text) => this.#receive(text)),
      channel.on('close', () => {
        this.#run?.loseAll();
        this.changed();
      }),
    ];
    return () => {
      for (const stop of stops) stop();
      this.#run?.abandon();
      channel.close();
      this.#channel = null;
    };
  }

  #ping(): void {
    const transport = this.#connection.transport;
    this.#run?.expire(performance.now());
    if (!this.isPaused && transport !== null) {
      const run = this.#runOver(transport);
      this.#channel?.send(String(run.send(performance.now())));
    }
    this.changed();
  }

  #receive(text: string): void {
    this.#run?.receive(Number(text), performance.now());
    this.changed();
  }

  /** Figures of two transports have nothing to say to each other: a change of transport begins a new run. */
  #runOver(transport: TransportName): LatencyRun {
    if (this.#run?.transport === transport) return this.#run;
    if (this.#run !== null && this.#run.answered > 0) {
      this.#earlier.unshift(this.#run);
      this.#earlier.length = Math.min(this.#earlier.length, EARLIER_KEPT);
    }
    this.#run = new LatencyRun(transport, performance.now());
    return this.#run;
  }
}
