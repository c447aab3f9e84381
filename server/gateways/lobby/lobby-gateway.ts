import type { Connection, ConnectionHandler, ConnectionRequest } from '../../connection/connection.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Counters } from '../../telemetry/counters.ts';
import type { OpenGateway } from '../gateway.ts';
import { LobbySession } from './lobby-session.ts';

/** `/lobby`: presence by announcement, and WebRTC signalling (S1 §5). */
export class LobbyGateway implements OpenGateway {
  readonly name = 'lobby';
  readonly speaksEvents = true;
  readonly #hub: Hub;
  readonly #counters: Counters;

  constructor({ hub, counters }: { readonly hub: Hub; readonly counters: Counters }) {
    this.#hub = hub;
    this.#counters = counters;
  }

  /** With `?lobbyId=ID` the connection is in that lobby at once, else it waits for `JOIN` (S1 §5.3). */
  accept(connection: Connection, request: ConnectionRequest): ConnectionHandler {
    const session = new LobbySession(connection, this.#hub, this.#counters);
    const lobby = new URLSearchParams(request.query).get('lobbyId');
    if (lobby) session.message(JSON.stringify(['JOIN', lobby]));
    return session;
  }
}
