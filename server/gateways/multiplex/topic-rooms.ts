/** Which names are rooms on `/multiplex`: all of them, or only those that were listed or registered. */
export class TopicRooms {
  readonly #isOpen: boolean;
  readonly #listed: Set<string>;
  readonly #withoutEcho = new Set<string>();

  constructor(isOpen: boolean, listed: readonly string[] = []) {
    this.#isOpen = isOpen;
    this.#listed = new Set(listed);
  }

  has(name: string): boolean {
    return this.#isOpen || this.#listed.has(name);
  }

  /** True when a sender's own messages come back to it: the rule, unless a registered room says otherwise. */
  hasEcho(name: string): boolean {
    return !this.#withoutEcho.has(name);
  }

  add(name: string, echo: boolean): void {
    this.#listed.add(name);
    if (echo) this.#withoutEcho.delete(name);
    else this.#withoutEcho.add(name);
  }
}
