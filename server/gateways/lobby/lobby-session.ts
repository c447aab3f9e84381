import { encodeVerb, type AckId } from '../../../protocol/rooms.ts';
import type { Connection } from '../../connection/connection.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import { whenAccepted } from '../../hub/acceptance.ts';
import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Format, Member } from '../../hub/member.ts';
import { MESSAGE } from '../../hub/publication.ts';
import type { Counters } from '../../telemetry/counters.ts';
import { asName, VerbSession, type VerbHandler } from '../verb-session.ts';

/** One connection to `/lobby`: in one lobby at a time, known by its connection id (S1 §5.3). */
export class LobbySession extends VerbSession {
  readonly #hub: Hub;
  #lobby: string | undefined;
  #member: Member | undefined;

  constructor(connection: Connection, hub: Hub, counters: Counters) {
    super(connection, 'lobby', counters);
    this.#hub = hub;
  }

  closed(): void {
    this.#leave();
  }

  protected override handlerFor(event: string): VerbHandler<this> | undefined {
    return VERBS.get(event);
  }

  /** `JOIN lobby`: `JOINED` to all of the lobby, then `PEERS` to the newcomer, in the lobby's one order. */
  join(argument: unknown, id: AckId | undefined): void {
    const lobby = asName(argument, 'the lobby');
    if (this.#lobby !== undefined) throw new HubError('already-member', 'leave the other lobby first');
    const member = this.#newMember();
    this.#hub.join(SPACE, lobby, member);
    this.#lobby = lobby;
    this.#member = member;
    this.ack(id);
    const self = this.connection.id;
    const members = [...(this.#hub.room(SPACE, lobby)?.members() ?? [])];
    const peers = members.map((member) => member.id).filter((peer) => peer !== self);
    this.#announce(lobby, 'JOINED', undefined);
    this.#announce(lobby, 'PEERS', peers, self);
  }

  leave(argument: unknown, id: AckId | undefined): void {
    const lobby = this.#current();
    if (argument !== undefined && argument !== lobby) {
      throw new HubError('not-a-member', 'this connection is in another lobby');
    }
    this.#leave();
    this.ack(id);
  }

  /** `BROADCAST {lobbyId?, message}` or any other value, which is the message itself. To all, sender included. */
  broadcast(argument: unknown, id: AckId | undefined): Promise<void> | undefined {
    const lobby = this.#current();
    if (argument === undefined) throw new HubError('bad-request', 'a message is missing');
    let message: unknown = argument;
    if (typeof argument === 'object' && argument !== null && 'message' in argument) {
      message = argument.message;
      if ('lobbyId' in argument && argument.lobbyId !== undefined && argument.lobbyId !== lobby) {
        throw new HubError('not-a-member', 'this connection is not in that lobby');
      }
    }
    return this.#publish(lobby, MESSAGE, message, undefined, id);
  }

  /** `RTCSIGNAL {to, …}`: handed to that member alone, `from` set by us. */
  signal(argument: unknown, id: AckId | undefined): Promise<void> | undefined {
    if (typeof argument !== 'object' || argument === null || Array.isArray(argument)) {
      throw new HubError('bad-request', 'the signal must be an object');
    }
    const lobby = this.#current();
    const to = 'to' in argument ? argument.to : undefined;
    const self = this.connection.id;
    if (typeof to !== 'string' || to === self || this.#hub.room(SPACE, lobby)?.get(to) === undefined) {
      throw new HubError('unknown-peer', 'nobody of that id is in this lobby');
    }
    return this.#publish(lobby, 'RTCSIGNAL', { ...argument, from: self }, to, id);
  }

  #current(): string {
    if (this.#lobby === undefined) throw new HubError('not-a-member', 'join a lobby first');
    return this.#lobby;
  }

  /** `LEFT` goes out once for each `JOINED`, whether by `LEAVE` or by a lost connection. */
  #leave(): void {
    const lobby = this.#lobby;
    if (lobby === undefined || this.#member === undefined) return;
    this.#lobby = undefined;
    this.#hub.leave(SPACE, lobby, this.#member);
    this.#announce(lobby, 'LEFT', undefined);
  }

  #publish(
    lobby: string,
    kind: string,
    data: unknown,
    to: string | undefined,
    id: AckId | undefined,
  ): Promise<void> | undefined {
    const sender = { id: this.connection.id, name: undefined };
    return whenAccepted(this.#hub.publish(SPACE, lobby, { kind, data, sender, to }), () => this.ack(id));
  }

  #announce(lobby: string, kind: string, data: unknown, to?: string): void {
    const sender = { id: this.connection.id, name: undefined };
    const acceptance = this.#hub.announce(SPACE, lobby, { kind, data, sender, to });
    if (acceptance instanceof Promise) acceptance.catch((error: unknown) => this.connection.fail(error));
  }

  #newMember(): Member<PreparedMessage> {
    const { connection } = this;
    return {
      id: connection.id,
      name: undefined,
      info: undefined,
      gateway: 'lobby',
      transport: connection.transport,
      since: Date.now(),
      format: FORMAT,
      deliver: (message) => connection.sendPrepared(message),
      eject: () => this.#leave(),
    };
  }
}

const SPACE = 'lobby';

const FORMAT: Format<PreparedMessage> = {
  encode: ({ kind, data, sender }) => {
    switch (kind) {
      case 'JOINED':
      case 'LEFT':
        return new PreparedMessage(encodeVerb(kind, sender.id));
      case MESSAGE:
        return new PreparedMessage(encodeVerb('MESSAGE', { from: sender.id, message: data }));
      case 'PEERS':
      case 'RTCSIGNAL':
        return new PreparedMessage(encodeVerb(kind, data));
      default:
        return undefined;
    }
  },
};

const VERBS = new Map<string, VerbHandler<LobbySession>>([
  ['JOIN', { arity: 1, run: (session, [argument], id) => session.join(argument, id) }],
  ['LEAVE', { arity: 1, run: (session, [argument], id) => session.leave(argument, id) }],
  ['BROADCAST', { arity: 1, run: (session, [argument], id) => session.broadcast(argument, id) }],
  ['RTCSIGNAL', { arity: 1, run: (session, [argument], id) => session.signal(argument, id) }],
]);
