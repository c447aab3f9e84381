import { decodeFrame, escapeTopic, unescapeTopic } from '../../../protocol/multiplex.ts';
import type { Connection, ConnectionHandler, ConnectionRequest } from '../../connection/connection.ts';
import { HubError } from '../../hub/errors.ts';
import type { Gateway } from '../gateway.ts';
import { Channel } from './channel.ts';
import type { MultiplexGateway } from './multiplex-gateway.ts';
import type { Subscription } from './subscription.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import { TopicMember, type TopicOwner } from './topic-member.ts';

/**
 * The topics of one connection (S2 §2). All invalid messages are ignored, and counted; one table holds what
 * is subscribed, and every kind of end removes from it.
 */
export class MultiplexSession implements ConnectionHandler, TopicOwner {
  readonly #gateway: MultiplexGateway;
  readonly #connection: Connection;
  readonly #request: ConnectionRequest;
  /** By escaped topic, in the canonical form. */
  readonly #subscriptions = new Map<string, Subscription>();

  constructor(gateway: MultiplexGateway, connection: Connection, request: ConnectionRequest) {
    this.#gateway = gateway;
    this.#connection = connection;
    this.#request = request;
  }

  message(text: string): void {
    const frame = decodeFrame(text);
    if (frame === undefined) {
      this.#ignore('malformed');
      return;
    }
    const { type, payload } = frame;
    let { topic } = frame;
    let subscription = this.#subscriptions.get(topic);
    if (subscription === undefined) {
      // Another spelling of a topic that is subscribed, or one that is not (S2 §1.1, lenient decoding).
      topic = escapeTopic(unescapeTopic(topic));
      subscription = this.#subscriptions.get(topic);
    }
    if (type === 'sub') {
      if (subscription === undefined) this.#subscribe(topic);
      return;
    }
    if (subscription === undefined) {
      this.#ignore('not-subscribed');
    } else if (type === 'msg') {
      subscription.message(payload);
    } else {
      this.#subscriptions.delete(topic);
      subscription.unsubscribed();
    }
  }

  closed(code: number, reason: string): void {
    const subscriptions = [...this.#subscriptions.values()];
    this.#subscriptions.clear();
    for (const subscription of subscriptions) {
      try {
        subscription.ended(code, reason);
      } catch (error) {
        // What server code does wrong in one channel is no reason not to tell the others.
        this.#connection.fail(error);
      }
    }
  }

  forget(topic: string): void {
    this.#subscriptions.delete(topic);
  }

  refused(error: unknown): void {
    if (error instanceof HubError) this.#ignore(error.code);
    else this.#connection.fail(error);
  }

  #subscribe(topic: string): void {
    const name = unescapeTopic(topic);
    const { limits, rooms } = this.#gateway;
    if (limits.topic !== 0 && name.length > limits.topic) {
      this.#ignore('topic-too-long');
    } else if (limits.topics !== 0 && this.#subscriptions.size >= limits.topics) {
      this.#ignore('too-many-topics');
    } else {
      const channelGateway = this.#gateway.channelGateway(name);
      if (channelGateway !== undefined) this.#openChannel(topic, channelGateway);
      else if (rooms.has(name)) this.#joinRoom(topic, name);
      else this.#ignore('unknown-topic');
    }
  }

  #openChannel(topic: string, gateway: Gateway): void {
    const channel = new Channel(this.#connection, topic, () => {
      if (this.#subscriptions.get(topic) === channel) this.#subscriptions.delete(topic);
    });
    this.#subscriptions.set(topic, channel);
    channel.open(gateway, this.#request);
  }

  #joinRoom(topic: string, name: string): void {
    const { hub, rooms } = this.#gateway;
    const member = new TopicMember(this.#connection, name, hub, rooms.hasEcho(name), this);
    // Before joining: a hook or a watcher may end the subscription at once.
    this.#subscriptions.set(topic, member);
    try {
      hub.join(SHARED_SPACE, name, member);
    } catch (error) {
      this.#subscriptions.delete(topic);
      this.refused(error);
    }
  }

  #ignore(reason: string): void {
    this.#gateway.counters.ignore('multiplex', reason);
  }
}
