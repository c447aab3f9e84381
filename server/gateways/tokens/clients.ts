import type { ConnectionRequest } from '../../connection/connection.ts';
import type { TokensSession } from './tokens-session.ts';

/** The live connections of the broker, by where they come from (S4 §5, `get_clients`). */
export class Clients {
  readonly #sessions = new Map<string, TokensSession>();

  /** Connections that share a TCP connection are told apart: `ADDRESS:PORT`, `ADDRESS:PORT#2`, … */
  add(session: TokensSession, remote: string): string {
    let key = remote;
    for (let n = 2; this.#sessions.has(key); n++) key = `${remote}#${n}`;
    this.#sessions.set(key, session);
    return key;
  }

  delete(key: string): void {
    this.#sessions.delete(key);
  }

  /** In the order in which they came. */
  entries(): IterableIterator<[remote: string, session: TokensSession]> {
    return this.#sessions.entries();
  }
}

/** `ADDRESS:PORT` as the original writes it: an IPv6 address in brackets, one that stands for an IPv4 address as that. */
export function remoteOf({ remoteAddress, remotePort }: ConnectionRequest): string {
  const address = remoteAddress.replace(/^::ffff:(?=\d+\.)/, '');
  return `${address.includes(':') ? `[${address}]` : address}:${remotePort}`;
}
