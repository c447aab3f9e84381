/** The socket of a client that says hello, as far as callbacks may need it. */
export class HelloSocket {
  readonly clientId: string;
  /** Raw `Cookie` header of the upgrade request; empty when there was none. */
  readonly cookies: string;
  #closed: string | undefined;

  constructor(clientId: string, cookies: string) {
    this.clientId = clientId;
    this.cookies = cookies;
  }

  /** Why the callback closed it; `undefined`: it did not. */
  get closed(): string | undefined {
    return this.#closed;
  }

  /** The client is not let in. */
  close(_code?: number, reason = ''): void {
    this.#closed ??= reason;
  }
}
