import type { Server } from 'node:http';
import type { RegisteredChannel } from './gateways/multiplex/registered-channel.ts';
import type { RegisteredRoom } from './gateways/multiplex/registered-room.ts';
import type { RoomControl } from './room-control.ts';
import type { TokenBroker } from './gateways/token-broker.ts';

/** A running Roomplex. */
export interface RoomplexServer extends RoomControl {
  /** Resolves when rooms can be used; rejects with a sentence when the store cannot be opened. */
  ready(): Promise<void>;
  readonly httpServer: Server;
  /** Where the protocols answer: `/multiplex`, `/layout`, … */
  readonly paths: readonly string[];
  /**
   * A private channel on `/multiplex`, for server code to speak on.
   *
   * @throws Error when the name is taken and `replace` is not set.
   */
  registerChannel(name: string, options?: { readonly replace?: boolean }): RegisteredChannel;
  /** Ends a registered channel for everyone in it. False when there was none. */
  unregisterChannel(name: string): boolean;
  /**
   * A room for server code to follow. `echo: false`: topic subscribers do not get their own messages.
   *
   * @throws Error when it is registered already.
   */
  registerRoom(name: string, options?: { readonly echo?: boolean }): RegisteredRoom;
  /** The token broker, when {@link ServerOptions.tokenBroker} asks for one. */
  readonly tokens: TokenBroker | undefined;
  /** Answers on one more HTTP server, which remains its owner's. Harmless to repeat. */
  mount(server: Server): void;
  /**
   * Listens on `host` (default `localhost`) when it is {@link ready}; port 0 takes any free one. Says which it was.
   * Rejects with a sentence and Node's `code`, such as `EADDRINUSE`, when it cannot.
   */
  listen(port: number, host?: string): Promise<{ readonly port: number; readonly host: string }>;
  /**
   * Drains: answers `/readyz` with 503, closes every connection with 1001, and stops listening if the HTTP
   * server is its own. Harmless to repeat.
   */
  close(): Promise<void>;
}
