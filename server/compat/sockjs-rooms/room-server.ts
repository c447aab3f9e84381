import type { ChannelMembers, RegisteredChannel } from '../../gateways/multiplex/registered-channel.ts';
import { GroupChannel } from './group-channel.ts';
import { MultiplexServer } from './multiplex-server.ts';

/**
 * The server of sockjs-rooms (S2 §4): all clients of a channel hear what one of them says there, on their own
 * connection each. So a listener that writes back what it gets makes a room of the channel.
 */
export class RoomServer extends MultiplexServer {
  /** By channel name. A channel that is registered again goes on with the subscribers it has. */
  readonly #subscribers = new Map<string, ChannelMembers>();

  protected override createChannel(name: string): RegisteredChannel {
    let subscribers = this.#subscribers.get(name);
    if (subscribers === undefined) this.#subscribers.set(name, (subscribers = new Map()));
    return new GroupChannel(name, subscribers);
  }
}
