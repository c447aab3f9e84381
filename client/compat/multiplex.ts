import type { Client, ConnectOptions } from '../types.ts';
import type { ChannelSource } from './channel-source.ts';
import { MultiplexChannel } from './multiplex-channel.ts';
import { SocketChannels, type SocketLike } from './socket-channels.ts';

/** Opens a connection as `roomplex/client` does. */
export type Connect = (url: string | URL, options: ConnectOptions) => Client;

/** The old clients' one object: channels by name over one connection. */
export abstract class Multiplex {
  readonly #source: ChannelSource;

  constructor(source: ChannelSource) {
    this.#source = source;
  }

  /** Subscribes. Channels of one name share one subscription. */
  channel(name: string): MultiplexChannel {
    return new MultiplexChannel(this.#source.channel(String(name)));
  }

  /** Ends every channel, and the connection if it was made here. */
  close(): void {
    void this.#source.close();
  }
}

/**
 * Channels at an address, over a connection that comes back by itself.
 *
 * @throws the string that sockjs-rooms throws, when there is no address (S2 §5.2).
 */
export function channelsAt(url: string | URL, connect: Connect, options: ConnectOptions): ChannelSource {
  // oxlint-disable-next-line typescript/only-throw-error -- as the original does
  if (String(url ?? '') === '') throw 'You must supply an url to socket server';
  // Servers of the `sockjs` package say nothing on an idle WebSocket that its reader could hear.
  return connect(url, { heartbeatMs: 0, ...options });
}

/** Channels on what is there, or at an address. */
export function channelsOver(
  socketOrUrl: SocketLike | string | URL,
  connect: Connect,
  options: ConnectOptions,
): ChannelSource {
  // Code without types may have nothing to give.
  const isAddress = typeof socketOrUrl !== 'object' || socketOrUrl instanceof URL || socketOrUrl === null;
  return isAddress ? channelsAt(socketOrUrl, connect, options) : new SocketChannels(socketOrUrl);
}
