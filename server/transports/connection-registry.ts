import type { Connection } from '../connection/connection.ts';
import type { Counters } from '../telemetry/counters.ts';

/** Every connection there is, so that they can be counted, limited and closed. */
export class ConnectionRegistry {
  readonly #counters: Counters;
  readonly #limit: number;
  readonly #connections = new Set<Connection>();
  #onEmpty: (() => void) | undefined;

  /** `limit`: connections in all; 0 lifts it. */
  constructor(counters: Counters, limit: number) {
    this.#counters = counters;
    this.#limit = limit;
  }

  get size(): number {
    return this.#connections.size;
  }

  get isFull(): boolean {
    return this.#limit !== 0 && this.#connections.size >= this.#limit;
  }

  /** Returns the function to call when the connection is gone. */
  add(gateway: string, connection: Connection): () => void {
    const { transport } = connection;
    this.#connections.add(connection);
    this.#counters.opened(gateway, transport);
    return () => {
      if (!this.#connections.delete(connection)) return;
      this.#counters.closed(gateway, transport);
      if (this.#connections.size === 0) this.#onEmpty?.();
    };
  }

  /** Asks every connection to close. Resolves when all are gone, or after `graceMs`. */
  async closeAll(code: number, reason: string, graceMs: number): Promise<void> {
    for (const connection of this.#connections) connection.close(code, reason);
    if (this.#connections.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, graceMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
