import { connect } from '../index.ts';
import type { ConnectOptions } from '../types.ts';
import { channelsOver, Multiplex } from './multiplex.ts';
import type { SocketLike } from './socket-channels.ts';

/** The browser client of websocket-multiplex (S2 §5.1): on a socket that is there, or at an address. */
class WebSocketMultiplex extends Multiplex {
  constructor(socketOrUrl: SocketLike | string | URL, options: ConnectOptions = {}) {
    super(channelsOver(socketOrUrl, connect, options));
  }
}

// What the old script defined: pages load this one as a classic script.
Object.assign(globalThis, { WebSocketMultiplex });
