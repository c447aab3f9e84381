import { EventEmitter } from 'node:events';
import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { OpenGateway } from '../gateway.ts';

/**
 * A private two-way channel for server code (S2 §7). Emits `connection` for every client that subscribes;
 * what the listener writes there is the first thing that client sees.
 */
export class RegisteredChannel
  extends EventEmitter<{ connection: [ChannelConnection] }>
  implements OpenGateway
{
  readonly name: string;
  readonly #connections = new Set<ChannelConnection>();

  constructor(name: string) {
    super();
    this.name = name;
  }

  /** Clients in the channel now. */
  get size(): number {
    return this.#connections.size;
  }

  accept(connection: Connection): ConnectionHandler {
    const channel = new ChannelConnection(this.name, connection);
    this.#connections.add(channel);
    this.emit('connection', channel);
    return {
      message: (text) => {
        channel.emit('data', text);
      },
      closed: () => {
        this.#connections.delete(channel);
        channel.emit('close');
      },
    };
  }

  /** Ends the channel for every client in it. */
  endAll(): void {
    for (const connection of this.#connections) connection.end();
  }
}

/** One client in a registered channel. Emits `data` for each of its messages and `close` once at the end. */
export class ChannelConnection extends EventEmitter<{ data: [string]; close: [] }> {
  /** The channel's name, decoded. */
  readonly topic: string;
  readonly #connection: Connection;

  constructor(topic: string, connection: Connection) {
    super();
    this.topic = topic;
    this.#connection = connection;
  }

  get id(): string {
    return this.#connection.id;
  }

  /** Sends a text. False when the client has left, or does not read and was closed for it. */
  write(text: unknown): boolean {
    return this.#connection.isOpen && this.#connection.send(String(text));
  }

  /** Sends a last text, if one is given, and ends the channel for this client. */
  end(text?: unknown): void {
    if (text) this.write(text);
    this.#connection.close();
  }

  /** Ends the channel without telling the listeners. */
  destroy(): void {
    this.removeAllListeners();
    this.end();
  }
}
