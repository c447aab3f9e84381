import type { Connection, ConnectionHandler, ConnectionRequest } from '../connection/connection.ts';

/** Translates one wire protocol into hub calls; works on any {@link Connection}. */
export interface Gateway {
  /** Also the topic under which the multiplex gateway offers it, and its path without the slash. */
  readonly name: string;
  /**
   * Takes a connection. It may be sent to at once. Whatever the peer says from here on goes to the handler
   * that is returned.
   */
  accept(connection: Connection, request: ConnectionRequest): ConnectionHandler;
}
