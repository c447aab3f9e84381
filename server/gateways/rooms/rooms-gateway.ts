import type { Connection, ConnectionHandler } from '../../connection/connection.ts';
import { SHARED_SPACE } from '../../hub/spaces.ts';
import type { OpenGateway } from '../gateway.ts';
import { RoomsSession, type RoomsNamespace } from './rooms-session.ts';

/** `/layout` or `/bus`: rooms with nicknames (S1 §4). */
export class RoomsGateway implements OpenGateway {
  readonly speaksEvents = true;
  readonly #namespace: RoomsNamespace;

  /** `isShared`: its rooms are those that other doors lead to as well, not its own. */
  constructor({ isShared, ...rest }: Omit<RoomsNamespace, 'space'> & { readonly isShared: boolean }) {
    this.#namespace = { ...rest, space: isShared ? SHARED_SPACE : rest.name };
  }

  get name(): string {
    return this.#namespace.name;
  }

  accept(connection: Connection): ConnectionHandler {
    return new RoomsSession(connection, this.#namespace);
  }
}
