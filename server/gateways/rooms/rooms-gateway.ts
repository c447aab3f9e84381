import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import type { OpenGateway } from '../gateway.ts';
import { RoomsSession, type RoomsNamespace } from './rooms-session.ts';

/** `/layout` or `/bus`: rooms with nicknames (S1 §4). */
export class RoomsGateway implements OpenGateway {
  readonly #namespace: RoomsNamespace;

  constructor(namespace: RoomsNamespace) {
    this.#namespace = namespace;
  }

  get name(): string {
    return this.#namespace.name;
  }

  accept(connection: Connection): ConnectionHandler {
    return new RoomsSession(connection, this.#namespace);
  }
}
