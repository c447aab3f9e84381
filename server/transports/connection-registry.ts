import type { QueuedConnection } from '../connection/queued-connection.ts';
import type { Counters } from '../telemetry/counters.ts';

/** Every connection there is, so that they can be counted, limited and closed. */
export class ConnectionRegistry {
  readonly #counters: Counters;
  readonly #limit: number;
  readonly #connections = new Set<QueuedConnection<unknown>>();
  #onEmpty: (() => void) | undefined;
  #isDraining = false;

  /** `limit`: connections in all; 0 lifts it. */
  constructor(counters: Counters, limit: number) {
    this.#counters = counters;
    this.#limit = limit;
  }

  /** True when no connection may come in: there are too many, or the server drains. */
  get isFull(): boolean {
    return this.#isDraining || (this.#limit !== 0 && this.#connections.size >= this.#limit);
  }

  add(connection: QueuedConnection<unknown>): void {
    this.#connections.add(connection);
    this.#counters.opened(connection.gateway, connection.transport);
  }

  remove(connection: QueuedConnection<unknown>): void {
    if (!this.#connections.delete(connection)) return;
    this.#counters.closed(connection.gateway, connection.transport);
    if (this.#connections.size === 0) this.#onEmpty?.();
  }

  /** Lets no more in and asks every connection to close; those that have not after `graceMs` are cut. */
  async drain(code: number, reason: string, graceMs: number): Promise<void> {
    this.#isDraining = true;
    for (const connection of this.#connections) connection.close(code, reason);
    if (this.#connections.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    for (const connection of this.#connections) connection.abort();
  }
}
