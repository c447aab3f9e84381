import { EventEmitter } from 'node:events';
import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
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
  /** In the order in which they subscribed. */
  readonly #members: ChannelMembers;
  #lastWritten: PreparedMessage | undefined;

  /** `members`: who is in it already. */
  constructor(name: string, members: ChannelMembers = new Map()) {
    super();
    this.name = name;
    this.#members = members;
  }

  /** Clients in the channel now. */
  get size(): number {
    return this.#members.size;
  }

  accept(connection: Connection): ConnectionHandler {
    const channel = new ChannelConnection(this.name, connection, this.#prepare);
    this.#members.set(channel, connection);
    this.emit('connection', channel);
    return {
      message: (text) => this.received(text, channel),
      closed: () => {
        this.#members.delete(channel);
        channel.emit('close');
      },
    };
  }

  /** Ends the channel for every client in it. */
  endAll(): void {
    for (const channel of this.#members.keys()) channel.end();
  }

  /** A client said something. */
  protected received(text: string, from: ChannelConnection): void {
    from.emit('data', text);
  }

  /** Server code that tells every client the same does so client by client: they share one encoding. */
  readonly #prepare = (text: string): PreparedMessage => {
    if (this.#lastWritten?.text !== text) this.#lastWritten = new PreparedMessage(text);
    return this.#lastWritten;
  };
}

/** The clients in a channel, each with the connection it came over. */
export type ChannelMembers = Map<ChannelConnection, Connection>;

/** One client in a registered channel. Emits `data` for each of its messages and `close` once at the end. */
export class ChannelConnection extends EventEmitter<{ data: [string]; close: [] }> {
  /** The channel's name, decoded. */
  readonly topic: string;
  readonly #connection: Connection;
  readonly #prepare: (text: string) => PreparedMessage;

  constructor(topic: string, connection: Connection, prepare: (text: string) => PreparedMessage) {
    super();
    this.topic = topic;
    this.#connection = connection;
    this.#prepare = prepare;
  }

  get id(): string {
    return this.#connection.id;
  }

  /** Sends a text. False when the client has left, or does not read and was closed for it. */
  write(text: unknown): boolean {
    return this.#connection.isOpen && this.#connection.sendPrepared(this.#prepare(String(text)));
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
