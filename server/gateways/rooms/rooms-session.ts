import type {
  AckId,
  Gap,
  HistoryAnswer,
  JoinAnswer,
  LeaveCause,
  Revision,
  StateEntry,
} from '../../../protocol/rooms.ts';
import type { Connection } from '../../connection/connection.ts';
import { whenAccepted } from '../../hub/acceptance.ts';
import type { History, HistoryRange } from '../../hub/engine.ts';
import { HubError } from '../../hub/errors.ts';
import type { Hub } from '../../hub/hub.ts';
import { MESSAGE } from '../../hub/publication.ts';
import { readCount, readEntries } from '../../hub/read-entries.ts';
import type { Room } from '../../hub/room.ts';
import type { StateView } from '../../hub/state-view.ts';
import type { Counters } from '../../telemetry/counters.ts';
import { leaveCause } from '../leave-cause.ts';
import { asName, asObject, VerbSession, type VerbHandler } from '../verb-session.ts';
import { CatchUp } from './catch-up.ts';
import { CatchUps } from './catch-ups.ts';
import { mayRead, memberInfo, pastMessage, roomFormats, UNKNOWN } from './formats.ts';
import { beginning, readWishes, type JoinWishes } from './join-wishes.ts';
import { LinePace } from './line-pace.ts';
import { RoomMember } from './room-member.ts';

/** What the rooms gateway limits; 0 lifts a limit. */
export interface RoomsLimits {
  /** Rooms one connection may be in. */
  readonly joins: number;
  /** Characters of a nickname. */
  readonly name: number;
  /** Bytes of a member's info. */
  readonly info: number;
  /** Messages in one page of history. */
  readonly page: number;
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
  readonly #pace: LinePace;
  readonly #catchUps: CatchUps;
  #firstName: string | undefined;

  constructor(connection: Connection, namespace: RoomsNamespace) {
    super(connection, namespace.name, namespace.counters);
    this.#namespace = namespace;
    this.#pace = new LinePace(connection);
    this.#catchUps = new CatchUps((error) => this.connection.fail(error));
  }

  closed(code: number): void {
    const { hub, space } = this.#namespace;
    for (const [room, member] of this.#memberships) hub.lose(space, room, member, leaveCause(code));
    this.#memberships.clear();
  }

  protected override handlerFor(event: string): VerbHandler<this> | undefined {
    return VERBS.get(event);
  }

  /** `JOIN {room, name, …}`: one nickname per room; joining again renames (S1 §7). */
  join(argument: unknown, id: AckId | undefined): void {
    const request = asObject(argument);
    const name = asName(request['room'], 'room');
    const nickname = asName(request['name'], 'name');
    this.#checkLimits(name, nickname, request['info']);
    const wishes = readWishes(request);
    const { hub, space } = this.#namespace;
    const memberId = wishes.memberId ?? this.connection.id;
    if (this.#isOvertaken(name, memberId, wishes.turn)) {
      throw new HubError('overtaken', 'a later connection has the place');
    }
    const member: RoomMember = new RoomMember(
      this.connection,
      {
        id: memberId,
        name: nickname,
        info: request['info'],
        gateway: this.#namespace.name,
        formats: roomFormats(wishes),
        hearsItself: wishes.echo,
        comesBack: wishes.memberId !== undefined,
        turn: wishes.turn,
        isBehind: wishes.history > 0 || wishes.recover !== undefined,
      },
      () => this.#eject(name, member),
    );
    const previous = this.#memberships.get(name);
    hub.join(space, name, member);
    // The same connection under another id: it is one member all the same.
    if (previous !== undefined && previous.id !== memberId) hub.leave(space, name, previous);
    this.#memberships.set(name, member);
    this.#firstName ??= nickname;
    const room = hub.room(space, name);
    if (room === undefined) throw new Error('a room that was joined is gone');
    try {
      const { from, gap } = beginning(wishes, room.stored);
      this.ack(id, joinAnswer(member, wishes, room, gap));
      this.#catchUps.start(name, new CatchUp(hub, room, member, this.#pace, from));
    } catch (error) {
      // The room cannot be read; and who is refused is not in.
      this.#leave(name);
      throw error;
    }
  }

  /** `NOTIFY {room, message}`: to all others in the room; the sender need not be in it (S1 §4). */
  notify(argument: unknown, id: AckId | undefined): Promise<void> | undefined {
    const request = asObject(argument);
    const room = asName(request['room'], 'room');
    const { hub, space, membersOnly } = this.#namespace;
    const member = this.#membership(room);
    if (membersOnly === true && member === undefined) throw notAMember();
    const sender = member?.id ?? this.connection.id;
    const acceptance = hub.publish(space, room, {
      kind: MESSAGE,
      data: request['message'],
      sender: { id: sender, name: member?.name ?? this.#firstName },
      except: member?.hearsItself === true ? undefined : sender,
      id: asPublishId(request['publishId']),
    });
    return whenAccepted(acceptance, (position) => this.ack(id, position));
  }

  /** `HISTORY {room, before?, after?, limit?}`: for members. */
  history(argument: unknown, id: AckId | undefined): Promise<void> | undefined {
    const request = asObject(argument);
    const name = asName(request['room'], 'room');
    const { before, after, limit = HISTORY_PAGE } = request;
    if (before !== undefined && after !== undefined) {
      throw new HubError('bad-request', 'before and after exclude each other');
    }
    const { hub, space, limits } = this.#namespace;
    const member = this.#membership(name);
    const stored = hub.stored(space, name);
    if (stored === undefined || member === undefined) throw notAMember();
    const range: HistoryRange = {
      before: before === undefined ? undefined : readCount(before, 'before'),
      after: after === undefined ? undefined : readCount(after, 'after'),
      limit: Math.min(readCount(limit, 'limit'), limits.page === 0 ? Infinity : limits.page),
    };
    const answer = (history: History): void => {
      const messages = history.filter((publication) => mayRead(member.id, publication)).map(pastMessage);
      const body: HistoryAnswer = { epoch: stored.position.epoch, first: stored.first, messages };
      this.ack(id, body);
    };
    const history = hub.history(space, name, range);
    if (history instanceof Promise) return history.then(answer);
    answer(history);
    return undefined;
  }

  /** `SET {room, entries, epoch?}`: for members. */
  set(argument: unknown, id: AckId | undefined): Promise<void> | undefined {
    const request = asObject(argument);
    const room = asName(request['room'], 'room');
    const { epoch } = request;
    if (epoch !== undefined && typeof epoch !== 'string') {
      throw new HubError('bad-request', 'epoch must be a string');
    }
    const roomChanges = readEntries(request['entries']);
    const member = this.#membership(room);
    if (member === undefined) throw notAMember();
    const answer = (revision: Revision | undefined): void => {
      if (revision === undefined) throw notAMember();
      this.ack(id, revision);
    };
    const { hub, space } = this.#namespace;
    const done = hub.requestChange(space, room, member.id, { roomChanges, epoch });
    if (done instanceof Promise) return done.then(answer);
    answer(done);
    return undefined;
  }

  /** `LEAVE {room}`: acknowledged even for a room one was not in (S1 §4). */
  leave(argument: unknown, id: AckId | undefined): Promise<void> | undefined {
    const room = asName(asObject(argument)['room'], 'room');
    const member = this.#memberships.get(room);
    this.#leave(room);
    const answer = (): void => this.ack(id);
    const heard = member && this.#namespace.hub.whenHeard(member);
    if (heard !== undefined) return heard.then(answer, answer);
    answer();
    return undefined;
  }

  /** `CLIENTS {room}`: nicknames in join order, to the asker only, whether a member or not (S1 §4). */
  clients(argument: unknown): void {
    const room = asName(asObject(argument)['room'], 'room');
    const members = this.#namespace.hub.room(this.#namespace.space, room)?.visibleMembers() ?? [];
    this.emit('CLIENTS', { room, clients: [...members].map((member) => member.name ?? UNKNOWN) });
  }

  /** As long as no other connection has taken the place over. */
  #membership(room: string): RoomMember | undefined {
    const member = this.#memberships.get(room);
    if (member === undefined) return undefined;
    const { hub, space } = this.#namespace;
    if (hub.room(space, room)?.get(member.id) === member) return member;
    this.#memberships.delete(room);
    return undefined;
  }

  #leave(room: string, cause: LeaveCause = 'left'): void {
    const member = this.#memberships.get(room);
    if (member === undefined) return;
    this.#memberships.delete(room);
    this.#namespace.hub.leave(this.#namespace.space, room, member, cause);
  }

  /** S1 has no word for it; a member that follows presence reads its own name among the leaves. */
  #eject(room: string, member: RoomMember): void {
    if (this.#membership(room) !== member) return;
    const count = (this.#namespace.hub.room(this.#namespace.space, room)?.visibleSize ?? 1) - 1;
    this.#leave(room, 'ejected');
    const leaves = [{ member, cause: 'ejected' as const }];
    const notice = member.format.encodePresence?.({ room, joins: [], leaves, count });
    if (notice !== undefined) member.deliver(notice);
  }

  /** A later connection of the same client is in the room already. */
  #isOvertaken(room: string, memberId: string, turn = Infinity): boolean {
    const { hub, space } = this.#namespace;
    const holder = hub.room(space, room)?.get(memberId);
    return holder instanceof RoomMember && holder.connection !== this.connection && turn < (holder.turn ?? 0);
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

/** A page of history where no other size is asked for. */
const HISTORY_PAGE = 100;

/** `undefined` for one who asked for nothing: S1 knows an answer without a body. */
function joinAnswer(
  member: RoomMember,
  wishes: JoinWishes,
  room: Room,
  gap: Gap | undefined,
): JoinAnswer | undefined {
  const { positions, presence, state, memberId } = wishes;
  if (!positions && !presence && !state && memberId === undefined) return undefined;
  const { stored } = room;
  const roster = presence ? room.roster() : null;
  return {
    id: member.id,
    ...((positions || state) && { epoch: stored.position.epoch }),
    ...(positions && { offset: stored.position.offset }),
    ...(wishes.recover !== undefined && { recovered: gap === undefined }),
    ...(gap !== undefined && { gap }),
    ...(presence && { count: room.visibleSize, members: roster && roster.map(memberInfo) }),
    ...(state && { rev: stored.state.rev, state: stateEntries(stored.state) }),
  };
}

function stateEntries(state: StateView): StateEntry[] {
  return Array.from(state.values, ([key, value]) => ({ key, value, rev: state.revOf(key) }));
}

function asPublishId(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '' && value.length <= 64) return value;
  throw new HubError('bad-request', 'publishId must be a string of 1 to 64 characters');
}

function notAMember(): HubError {
  return new HubError('not-a-member', 'join the room first');
}

const VERBS = new Map<string, VerbHandler<RoomsSession>>([
  ['JOIN', { arity: 1, run: (session, [argument], id) => session.join(argument, id) }],
  ['NOTIFY', { arity: 1, run: (session, [argument], id) => session.notify(argument, id) }],
  ['HISTORY', { arity: 1, run: (session, [argument], id) => session.history(argument, id) }],
  ['SET', { arity: 1, run: (session, [argument], id) => session.set(argument, id) }],
  ['LEAVE', { arity: 1, run: (session, [argument], id) => session.leave(argument, id) }],
  ['CLIENTS', { arity: 1, run: (session, [argument]) => session.clients(argument) }],
]);
