import { ChannelHandle } from '../channels/channel-handle.ts';
import { Multiplexer } from '../channels/multiplexer.ts';
import { QueueBudget } from '../queue-budget.ts';
import type { Channel } from '../types.ts';
import type { ChannelSource } from './channel-source.ts';

/** A SockJS object, a WebSocket, or anything like them. One that opens again after it closed is followed. */
export interface SocketLike {
  readonly readyState?: number;
  readonly bufferedAmount?: number;
  addEventListener(
    type: 'open' | 'message' | 'close',
    listener: (event: { readonly type: string }) => void,
  ): void;
  send(text: string): void;
}

/** Channels on a socket that belongs to the application. */
export class SocketChannels implements ChannelSource {
  readonly #multiplexer: Multiplexer;

  constructor(socket: SocketLike) {
    // Its own state changes before its listeners hear of it, and channels may be made in between.
    let isOpen = socket.readyState === OPEN;
    const multiplexer = new Multiplexer({
      budget: new QueueBudget(QUEUE_LIMIT),
      get isOpen() {
        return isOpen;
      },
      get isCongested() {
        return (socket.bufferedAmount ?? 0) > BACKLOG_LIMIT;
      },
      send(text) {
        socket.send(text);
      },
    });
    this.#multiplexer = multiplexer;
    const shut = (): void => {
      if (!isOpen) return;
      isOpen = false;
      multiplexer.disconnected();
    };
    socket.addEventListener('open', () => {
      shut();
      isOpen = true;
      multiplexer.connected();
    });
    socket.addEventListener('message', (event) => {
      if ('data' in event && typeof event.data === 'string') multiplexer.receive(event.data);
    });
    socket.addEventListener('close', shut);
  }

  channel(name: string): Channel {
    return new ChannelHandle(this.#multiplexer, name);
  }

  /** Ends the channels; the socket is the application's. */
  close(): void {
    this.#multiplexer.closed();
  }
}

/** `readyState` of SockJS and WebSocket alike. */
const OPEN = 1;
/** Messages that may wait for the socket to open. */
const QUEUE_LIMIT = 1000;
const BACKLOG_LIMIT = 16 * 1024 * 1024;
