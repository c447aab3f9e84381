import type { AckId, JoinAnswer } from '../../../protocol/rooms.ts';
import type { Connection } from '../../connection/connection.ts';
import { whenAccepted } from '../../hub/acceptance.ts';
import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import { MESSAGE } from '../../hub/publication.ts';
import type { Counters } from '../../telemetry/counters.ts';
import { asName, asObject, VerbSession, type VerbHandler } from '../verb-session.ts';
import { memberInfo, roomFormat, UNKNOWN } from './formats.ts';
import { RoomMember } from './room-member.ts';

/** What the rooms gateway limits; 0 lifts a limit. */
export interface RoomsLimits {
  /** Rooms one connection may be in. */
  readonly joins: number;
  /** Characters of a nickname. */
  readonly name: number;
  /** Bytes of a member's info. */
  readonly info: number;
}

/** What a rooms session needs to know of its namespace. */
export interface RoomsNamespace {
  readonly name: string;
  readonly space: string;
  readonly hub: Hub;
  readonly counters: Counters;
  readonly limits: RoomsLimits;
  /** Only members may `NOTIFY` a room (S1 §7). */
  readonly membersOnly: boolean | undefined;
}

/** One connection to `/layout` or `/bus` (S1 §4). */
export class RoomsSession extends VerbSession {
  readonly #namespace: RoomsNamespace;
  readonly #memberships = new Map<string, RoomMember>();
  #firstName: string | undefined;

  constructor(connection: Connection, namespace: RoomsNamespace) {
    super(connection, namespace.name, namespace.counters);
    this.#namespace = namespace;
  }

  closed(): void {
    for (const room of this.#memberships.keys()) this.#leave(room);
  }

  protected override handlerFor(event: string): VerbHandler<this> | undefined {
    return VERBS.get(event);
  }

  /** `JOIN {room, name, …}`: one nickname per room; joining again renames (S1 §7). */
  join(argument: unknown, id: AckId | undefined): void {
    const request = asObject(argument);
    const room = asName(request['room'], 'room');
    const name = asName(request['name'], 'name');
    const { hub, space } = this.#namespace;
    this.#checkLimits(room, name, request['info']);
    const wantsPositions = request['positions'] === true;
    const wantsPresence = request['presence'] === true;
    const member = new RoomMember(
      this.connection,
      {
        name,
        info: request['info'],
        gateway: this.#namespace.name,
        format: roomFormat(wantsPositions, wantsPresence),
        hearsItself: request['echo'] === true,
        since: Date.now(),
      },
      () => this.#eject(room),
    );
    const position = hub.join(space, room, member);
    this.#memberships.set(room, member);
    this.#firstName ??= name;
    if (!wantsPositions && !wantsPresence) {
      this.ack(id);
      return;
    }
    const answer: JoinAnswer = {
      id: member.id,
      ...(wantsPositions ? position : {}),
      ...(wantsPresence
        ? { members: [...(hub.room(space, room)?.visibleMembers() ?? [])].map(memberInfo) }
        : {}),
    };
    this.ack(id, answer);
  }

  /** `NOTIFY {room, message}`: to all others in the room; the sender need not be in it (S1 §4). */
  notify(argument: unknown, id: AckId | undefined): Promise<void> | undefined {
    const request = asObject(argument);
    const room = asName(request['room'], 'room');
    const { hub, space, membersOnly } = this.#namespace;
    const member = this.#memberships.get(room);
    if (membersOnly === true && member === undefined)
      throw new HubError('not-a-member', 'join the room first');
    const acceptance = hub.publish(space, room, {
      kind: MESSAGE,
      data: request['message'],
      sender: { id: this.connection.id, name: member?.name ?? this.#firstName },
      except: member?.hearsItself === true ? undefined : this.connection.id,
    });
    return whenAccepted(acceptance, (position) => this.ack(id, position));
  }

  /** `LEAVE {room}`: acknowledged even for a room one was not in (S1 §4). */
  leave(argument: unknown, id: AckId | undefined): void {
    const room = asName(asObject(argument)['room'], 'room');
    this.#leave(room);
    this.ack(id);
  }

  /** `CLIENTS {room}`: nicknames in join order, to the asker only, whether a member or not (S1 §4). */
  clients(argument: unknown): void {
    const room = asName(asObject(argument)['room'], 'room');
    const members = this.#namespace.hub.room(this.#namespace.space, room)?.visibleMembers() ?? [];
    this.emit('CLIENTS', { room, clients: [...members].map((member) => member.name ?? UNKNOWN) });
  }

  #leave(room: string): void {
    if (this.#memberships.delete(room)) {
      this.#namespace.hub.leave(this.#namespace.space, room, this.connection.id);
    }
  }

  /** S1 has no word for it; a member that follows presence reads its own name among the leaves. */
  #eject(room: string): void {
    const member = this.#memberships.get(room);
    this.#leave(room);
    const notice = member?.format.encodePresence?.({ room, joins: [], leaves: [member] });
    if (notice !== undefined) member?.deliver(notice);
  }

  #checkLimits(room: string, name: string, info: unknown): void {
    const { limits } = this.#namespace;
    if (limits.name !== 0 && name.length > limits.name) {
      throw new HubError('limit', `names have at most ${limits.name} characters`);
    }
    if (limits.joins !== 0 && this.#memberships.size >= limits.joins && !this.#memberships.has(room)) {
      throw new HubError('limit', `a connection may be in ${limits.joins} rooms`);
    }
    if (limits.info !== 0 && info !== undefined && Buffer.byteLength(JSON.stringify(info)) > limits.info) {
      throw new HubError('limit', `info has at most ${limits.info} bytes`);
    }
  }
}

const VERBS = new Map<string, VerbHandler<RoomsSession>>([
  ['JOIN', { arity: 1, run: (session, [argument], id) => session.join(argument, id) }],
  ['NOTIFY', { arity: 1, run: (session, [argument], id) => session.notify(argument, id) }],
  ['LEAVE', { arity: 1, run: (session, [argument], id) => session.leave(argument, id) }],
  ['CLIENTS', { arity: 1, run: (session, [argument]) => session.clients(argument) }],
]);
