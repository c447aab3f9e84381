import type { Connection, ConnectionHandler, ConnectionRequest } from '../../connection/connection.ts';
import type { OpenGateway } from '../gateway.ts';
import { ClosingRooms } from './closing-rooms.ts';
import { StateRoomsSession } from './state-rooms-session.ts';
import type { StateRoomsSettings } from './state-rooms-settings.ts';

/** `/wss`: rooms with state that clients share (S5), the same rooms that topics and `/layout` lead to. */
export class StateRoomsGateway implements OpenGateway {
  readonly name = 'wss';
  readonly messageLimit: number;
  readonly #settings: StateRoomsSettings;
  readonly #closing = new ClosingRooms();
  #connections = 0;

  constructor(settings: StateRoomsSettings) {
    this.#settings = settings;
    this.messageLimit = settings.limits.stateMessage;
  }

  /** Client ids count the connections, whether they ever say hello or not (S5 §3.2). */
  accept(connection: Connection, request: ConnectionRequest): ConnectionHandler {
    const clientId = `connection:${++this.#connections}`;
    return new StateRoomsSession(connection, request, clientId, this.#settings, this.#closing);
  }
}
