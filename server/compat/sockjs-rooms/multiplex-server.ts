import type { ConnectionRequest } from '../../connection/connection.ts';
import { Counters } from '../../telemetry/counters.ts';
import { createEngine } from '../../engines/create-engine.ts';
import { MultiplexGateway } from '../../gateways/multiplex/multiplex-gateway.ts';
import { RegisteredChannel } from '../../gateways/multiplex/registered-channel.ts';
import { RegisteredRoom } from '../../gateways/multiplex/registered-room.ts';
import { TopicRooms } from '../../gateways/multiplex/topic-rooms.ts';
import { Hub } from '../../hub/hub.ts';
import { DEFAULT_LIMITS, type Limits } from '../../limits.ts';
import { createServiceWires, ServiceConnection } from './service-connection.ts';
import type { ServiceSocket, SockJSService } from './sockjs-service.ts';

/** What {@link MultiplexServer} and {@link RoomServer} take beside the service; everything has a default. */
export interface MultiplexServerOptions {
  /** Of these, the ones that speak of messages, outboxes, topics and rooms. 0 lifts one. @default DEFAULT_LIMITS */
  readonly limits?: Partial<Limits>;
  /** Told what a listener of yours threw; the client it was about is closed with 1011. @default the service's own log */
  readonly onError?: (error: unknown) => void;
}

/**
 * The server of websocket-multiplex on a SockJS service of your own (S2 §7): every channel is a private
 * conversation with each client. Only what is registered exists.
 */
export class MultiplexServer {
  /** Input that was dropped or refused, by place and reason, and how often: unknown topics, broken messages, … */
  readonly ignored: ReadonlyMap<string, number>;
  readonly #hub: Hub;
  readonly #rooms = new TopicRooms(false);
  readonly #registeredRooms = new Map<string, RegisteredRoom>();
  readonly #gateway: MultiplexGateway;

  /** `service`: what `sockjs.createServer()` returns. */
  constructor(service: SockJSService, options: MultiplexServerOptions = {}) {
    const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
    const counters = new Counters();
    this.ignored = counters.ignored;
    this.#hub = new Hub(createEngine({ limits, roomGraceMs: 0 }), counters, limits);
    this.#gateway = new MultiplexGateway(this.#hub, counters, limits, this.#rooms);
    const wires = createServiceWires();
    const surroundings = {
      counters,
      outboxLimit: limits.outbox,
      backlogLimit: limits.body * 2,
      messageLimit: limits.message,
      onFault: options.onError ?? ((error: unknown) => service.options?.log?.('error', describe(error))),
      onGone: () => {},
    };
    void this.#hub.start();
    service.on('connection', (socket) => {
      const connection = new ServiceConnection(socket, wires, surroundings);
      connection.handTo(this.#gateway.accept(connection, requestOf(socket)));
    });
  }

  /** Emits `connection` for each client that subscribes. Registered again, new clients go to the new one. */
  registerChannel(name: string): RegisteredChannel {
    const channel = this.createChannel(name);
    this.#gateway.builtIn(channel);
    return channel;
  }

  /** Ends a channel for everyone in it. False when there was none. */
  unregisterChannel(name: string): boolean {
    return this.#gateway.unregisterChannel(name);
  }

  /**
   * A room that the server itself keeps: each message goes to every subscriber once. `echo: false`: not to its
   * sender.
   *
   * @throws Error when it is registered already.
   */
  registerRoom(name: string, { echo = true }: { readonly echo?: boolean } = {}): RegisteredRoom {
    if (this.#registeredRooms.has(name)) throw new Error(`room "${name}" is registered already`);
    const room = new RegisteredRoom(name, this.#hub);
    this.#registeredRooms.set(name, room);
    this.#rooms.add(name, echo);
    return room;
  }

  protected createChannel(name: string): RegisteredChannel {
    return new RegisteredChannel(name);
  }
}

function requestOf({ prefix = '', remoteAddress = '', remotePort = 0 }: ServiceSocket): ConnectionRequest {
  return { path: prefix, query: '', remoteAddress, remotePort, cookie: '', origin: undefined };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
