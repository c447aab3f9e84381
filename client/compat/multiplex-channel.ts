import { Emitter } from '../emitter.ts';
import type { Channel } from '../types.ts';

/** What the listeners of a {@link MultiplexChannel} get. */
export interface MultiplexEvents {
  open: () => void;
  message: (message: { readonly data: string }) => void;
  close: (nothing: Record<never, never>) => void;
}

/**
 * A channel as websocket-multiplex and sockjs-rooms have it (S2 §5.1): `onopen`, `onmessage` and `onclose`,
 * then listeners, all called on the channel. None of its methods throws.
 */
export class MultiplexChannel {
  onopen: MultiplexEvents['open'] | null = null;
  onmessage: MultiplexEvents['message'] | null = null;
  onclose: MultiplexEvents['close'] | null = null;
  readonly #channel: Channel;
  readonly #emitter = new Emitter<MultiplexEvents>();
  #isLeaving = false;

  constructor(channel: Channel) {
    this.#channel = channel;
    this.on('open', () => this.onopen?.());
    this.on('message', (message) => this.onmessage?.(message));
    this.on('close', (nothing) => this.onclose?.(nothing));
    channel.on('open', () => {
      this.#emitter.emit('open');
    });
    channel.on('message', (data) => {
      this.#emitter.emit('message', { data });
    });
    channel.on('close', () => {
      if (this.#isLeaving) setTimeout(this.#tellClosed, 0);
      else this.#tellClosed();
    });
  }

  get name(): string {
    return this.#channel.name;
  }

  on<E extends keyof MultiplexEvents>(event: E, listener: MultiplexEvents[E]): void {
    this.#emitter.on(event, listener.bind(this) as MultiplexEvents[E]);
  }

  addEventListener<E extends keyof MultiplexEvents>(event: E, listener: MultiplexEvents[E]): void {
    this.on(event, listener);
  }

  /**
   * Sends anything as text, or keeps it until the channel is open. False when it was dropped: the channel is
   * closed, or too much waits.
   */
  send(data?: unknown): boolean {
    try {
      this.#channel.send(String(data));
      return true;
    } catch {
      return false;
    }
  }

  /** Leaves at once; `close` is told on the next tick of the timers. */
  close(): void {
    this.#isLeaving = true;
    this.#channel.close();
  }

  readonly #tellClosed = (): void => {
    this.#emitter.emit('close', {});
  };
}
