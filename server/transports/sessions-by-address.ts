/** Sessions over plain HTTP by the address they come from: they cost their opener no connection of its own. */
export class SessionsByAddress {
  readonly #limit: number;
  readonly #counts = new Map<string, number>();

  /** `limit`: open sessions from one address; 0 lifts it. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** True when no more may be opened from there. */
  isCrowded(address: string): boolean {
    return this.#limit !== 0 && (this.#counts.get(address) ?? 0) >= this.#limit;
  }

  add(address: string): void {
    this.#counts.set(address, (this.#counts.get(address) ?? 0) + 1);
  }

  remove(address: string): void {
    const left = (this.#counts.get(address) ?? 0) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
  }
}
