/**
 * `roomplex/sockjs-rooms`: what the packages sockjs-rooms and websocket-multiplex had, under the names they
 * had it (S2). For `require` the module is the class {@link RoomServer} itself, with everything else on it.
 */
import { Client, WebSocketMultiplex } from '../client/compat/node.ts';
import { MultiplexServer } from '../server/compat/sockjs-rooms/multiplex-server.ts';
import { RoomServer } from '../server/compat/sockjs-rooms/room-server.ts';

export type { MultiplexChannel, MultiplexEvents, SocketLike } from '../client/compat/node.ts';
export type { MultiplexServerOptions } from '../server/compat/sockjs-rooms/multiplex-server.ts';
export type { SockJSService } from '../server/compat/sockjs-rooms/sockjs-service.ts';

class SockJSRooms extends RoomServer {
  static readonly server = RoomServer;
  static readonly client = Client;
  static readonly RoomServer = RoomServer;
  static readonly MultiplexServer = MultiplexServer;
  static readonly Client = Client;
  static readonly WebSocketMultiplex = WebSocketMultiplex;
}

export {
  Client,
  Client as client,
  SockJSRooms as 'module.exports',
  MultiplexServer,
  RoomServer,
  RoomServer as server,
  WebSocketMultiplex,
};
