import { RegisteredChannel } from '../../gateways/multiplex/registered-channel.ts';
import type { ChannelMembers } from '../../gateways/multiplex/registered-channel.ts';

/**
 * A channel in the sense of sockjs-rooms (S2 §4): what one subscriber says is a `data` event on the connection
 * of every subscriber, the sender's included, in the order in which they subscribed. Nothing is sent by itself.
 */
export class GroupChannel extends RegisteredChannel {
  readonly #subscribers: ChannelMembers;

  constructor(name: string, subscribers: ChannelMembers) {
    super(name, subscribers);
    this.#subscribers = subscribers;
  }

  protected override received(text: string): void {
    for (const [channel, connection] of this.#subscribers) {
      if (!connection.isOpen) continue;
      try {
        channel.emit('data', text);
      } catch (error) {
        // One subscriber's handler failed: that ends its connection, and the others hear the message.
        connection.fail(error);
      }
    }
  }
}
