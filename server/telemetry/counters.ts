/** Plain numbers that the hot paths add to; metrics and the dashboard read them. */
export class Counters {
  /** Messages that came in on any connection. */
  received = 0;
  /** Publications that the engine accepted. */
  published = 0;
  /** Publications times members they were handed to. */
  delivered = 0;
  /** Connections ever accepted. */
  connected = 0;
  /** Input that was dropped or refused, by place and reason. */
  readonly ignored = new Map<string, number>();
  readonly #connections = new Map<string, number>();

  /** Live connections by `GATEWAY TRANSPORT`. */
  get connections(): ReadonlyMap<string, number> {
    return this.#connections;
  }

  get ignoredTotal(): number {
    let total = 0;
    for (const count of this.ignored.values()) total += count;
    return total;
  }

  /** `place` and `reason` are words of ours, never input: the map stays small. */
  ignore(place: string, reason: string): void {
    const key = `${place} ${reason}`;
    this.ignored.set(key, (this.ignored.get(key) ?? 0) + 1);
  }

  opened(gateway: string, transport: string): void {
    this.connected++;
    const key = `${gateway} ${transport}`;
    this.#connections.set(key, (this.#connections.get(key) ?? 0) + 1);
  }

  closed(gateway: string, transport: string): void {
    const key = `${gateway} ${transport}`;
    const left = (this.#connections.get(key) ?? 0) - 1;
    if (left > 0) this.#connections.set(key, left);
    else this.#connections.delete(key);
  }
}
