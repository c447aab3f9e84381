import type { Connection, ConnectionHandler, ConnectionRequest } from '../../connection/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Counters } from '../../telemetry/counters.ts';
import type { Gateway, OpenGateway } from '../gateway.ts';
import { MultiplexSession } from './multiplex-session.ts';
import { RegisteredChannel } from './registered-channel.ts';
import type { TopicRooms } from './topic-rooms.ts';

/** What the multiplex gateway limits; 0 lifts a limit. */
export interface MultiplexLimits {
  /** Characters of a topic, decoded. */
  readonly topic: number;
  /** Topics one connection may hold. */
  readonly topics: number;
}

/**
 * Many topics over one connection (S2, CONTRACT §3). A topic is, in this order, a channel that server code
 * registered, a whole connection to the gateway of that name, or the room of that name.
 */
export class MultiplexGateway implements OpenGateway {
  readonly name = 'multiplex';
  readonly hub: Hub;
  readonly counters: Counters;
  readonly limits: MultiplexLimits;
  /** The rooms that topics may name. */
  readonly rooms: TopicRooms;
  readonly #registered = new Map<string, Gateway>();
  readonly #routes = new Map<string, Gateway>();

  constructor(hub: Hub, counters: Counters, limits: MultiplexLimits, rooms: TopicRooms) {
    this.hub = hub;
    this.counters = counters;
    this.limits = limits;
    this.rooms = rooms;
  }

  accept(connection: Connection, request: ConnectionRequest): ConnectionHandler {
    return new MultiplexSession(this, connection, request);
  }

  /** Offers a gateway under its name, as a topic that is a whole connection to it. */
  route(gateway: Gateway): void {
    this.#routes.set(gateway.name, gateway);
  }

  /** Offers a gateway of the server's own as a private channel, ahead of everything of the same name. */
  builtIn(gateway: Gateway): void {
    this.#registered.set(gateway.name, gateway);
  }

  /**
   * A private channel for server code.
   *
   * @throws Error when the name is taken, unless `replace` is set: then new subscribers go to the new
   * channel and old ones stay with theirs (S2.33).
   */
  registerChannel(name: string, replace = false): RegisteredChannel {
    if (!replace && this.#registered.has(name)) throw new Error(`channel "${name}" is registered already`);
    const channel = new RegisteredChannel(name);
    this.builtIn(channel);
    return channel;
  }

  /** Ends a registered channel for everyone in it. False when there was none. */
  unregisterChannel(name: string): boolean {
    const channel = this.#registered.get(name);
    if (!(channel instanceof RegisteredChannel)) return false;
    this.#registered.delete(name);
    channel.endAll();
    return true;
  }

  /** Who speaks on a topic that is no room. */
  channelGateway(name: string): Gateway | undefined {
    return this.#registered.get(name) ?? this.#routes.get(name);
  }
}
