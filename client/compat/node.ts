import { connect } from '../node.ts';
import type { ConnectOptions } from '../types.ts';
import { channelsAt, channelsOver, Multiplex } from './multiplex.ts';
import type { SocketLike } from './socket-channels.ts';

export type { MultiplexChannel, MultiplexEvents } from './multiplex-channel.ts';
export type { SocketLike } from './socket-channels.ts';

/** The Node client of sockjs-rooms (S2 §5.2). */
export class Client extends Multiplex {
  /** `url`: absolute, http or https. */
  constructor(url: string | URL, options: ConnectOptions = {}) {
    super(channelsAt(url, connect, options));
  }
}

/** The browser client of websocket-multiplex (S2 §5.1), for Node: on a socket that is there, or at an address. */
export class WebSocketMultiplex extends Multiplex {
  constructor(socketOrUrl: SocketLike | string | URL, options: ConnectOptions = {}) {
    super(channelsOver(socketOrUrl, connect, options));
  }
}
