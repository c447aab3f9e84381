import type { LeaveCause, Position, Revision } from '../../protocol/rooms.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { Acceptance } from './acceptance.ts';
import { ask, refusal } from './ask.ts';
import { AwayMembers } from './away-members.ts';
import type { Change, ChangeDraft } from './change.ts';
import type { Engine, History, HistoryRange, RoomAddress, StoredRoom } from './engine.ts';
import type { Entry } from './entries.ts';
import { HubError } from './errors.ts';
import type { ChangeRequest, Hooks } from './hooks.ts';
import { LastWords } from './last-words.ts';
import type { Member, Removal } from './member.ts';
import type { Draft, Publication } from './publication.ts';
import { RoomTable } from './room-table.ts';
import { memberView, RoomView } from './room-view.ts';
import { Room } from './room.ts';
import { Watchers, type RoomWatcher } from './watchers.ts';

/** What the hub itself limits; 0 lifts a limit. */
export interface HubLimits {
  /** Characters of a room's name. */
  readonly room: number;
  /** Rooms that may have members at a time. */
  readonly rooms: number;
  /** Members up to which presence lists everyone. */
  readonly roster: number;
}

/** How the hub takes its time. */
export interface HubOptions {
  readonly hooks?: Hooks | undefined;
  /** How long a member that comes back may take for it, in ms, before the others are told. @default 10000 */
  readonly memberGraceMs?: number | undefined;
  /** How long a hook may take, in ms; 0 lifts it. @default 10000 */
  readonly hookTimeoutMs?: number | undefined;
}

/**
 * Rooms and who is in them: the only door gateways use. Rooms live in spaces, which never mix: `rooms` is
 * the one that topics and `/layout` share, `bus`, `lobby` and `trigger` have their own (S1 §1).
 *
 * A room is here while it has members; what is kept of it beyond that is the engine's.
 */
export class Hub {
  readonly #engine: Engine;
  readonly #counters: Counters;
  readonly #limits: HubLimits;
  readonly #hooks: Hooks;
  readonly #hookTimeoutMs: number;
  readonly #away: AwayMembers;
  readonly #rooms = new RoomTable();
  readonly #watchers = new Watchers();
  readonly #lastWords = new LastWords();

  constructor(engine: Engine, counters: Counters, limits: HubLimits, options: HubOptions = {}) {
    this.#engine = engine;
    this.#counters = counters;
    this.#limits = limits;
    this.#hooks = options.hooks ?? {};
    this.#hookTimeoutMs = options.hookTimeoutMs ?? 10_000;
    this.#away = new AwayMembers(options.memberGraceMs ?? 10_000, ({ space, name }, member, cause) =>
      this.leave(space, name, member, cause),
    );
  }

  async start(): Promise<void> {
    await this.#engine.start({ published: this.#published, changed: this.#changed });
  }

  async stop(): Promise<void> {
    this.#away.stop();
    await this.#engine.stop();
  }

  /** False while nothing can be said or changed. */
  get isAvailable(): boolean {
    return this.#engine.isAvailable;
  }

  /** Rooms with members. */
  get roomCount(): number {
    return this.#rooms.size;
  }

  rooms(): Iterable<Room> {
    return this.#rooms;
  }

  room(space: string, name: string): Room | undefined {
    return this.#rooms.get(space, name);
  }

  /** What is kept of a room, whether somebody is in it or not; `undefined` when there is nothing. */
  stored(space: string, name: string): StoredRoom | undefined {
    return this.room(space, name)?.stored ?? this.#engine.find({ space, name });
  }

  /** Names of the rooms of a space of which something is kept; as many are read as are taken. */
  keptNames(space: string): Iterable<string> {
    return this.#engine.names(space);
  }

  /** Names of the rooms of a space that have members or of which something is kept. */
  names(space: string): Set<string> {
    return new Set([...this.#rooms.names(space), ...this.keptNames(space)]);
  }

  /** Resolves when everything asked for in a room by now is done or refused; `undefined` when nothing can be under way. */
  settled(space: string, name: string): Promise<unknown> | undefined {
    try {
      const mark = this.#engine.change({ space, name }, { by: null, isSilent: true });
      return mark instanceof Promise ? mark.catch(() => undefined) : undefined;
    } catch {
      return undefined;
    }
  }

  /** What was said in a room, as far as it is kept. */
  history(space: string, name: string, range: HistoryRange): History | Promise<History> {
    return this.#engine.history({ space, name }, range);
  }

  /**
   * Names of the rooms of a space that start with `path`, which ends in a slash, the room of that very name
   * included, in their order.
   */
  roomsBelow(space: string, path: string): string[] {
    return this.#rooms.below(space, path);
  }

  /** One watcher per room; the room need not exist. Returns an unsubscribe function. */
  watch(space: string, name: string, watcher: RoomWatcher): () => void {
    return this.#watchers.add(space, name, watcher);
  }

  /**
   * Puts a member into a room, in the place of one with the same id if there is one, and says where the
   * room's stream stands: the member gets what is published after that.
   *
   * @throws HubError when the name is too long, there are too many rooms, or a hook refuses.
   */
  join(space: string, name: string, member: Member): Position {
    const address: RoomAddress = { space, name };
    this.#checkName(name);
    this.#ask(() => this.#hooks.join?.({ space, room: name, member }));
    const room = this.room(space, name) ?? this.#open(address);
    const previous = room.get(member.id);
    if (previous !== undefined) this.#away.remove(previous);
    room.add(member);
    this.#watchers.tell(address, (watcher) => watcher.joined(member));
    return room.stored.position;
  }

  /**
   * This very member goes. It hears no more from now on but itself, and the others see it until what it has said is
   * accepted; the place may be another one's by then. False when it was not in the room.
   */
  leave(space: string, name: string, member: Member, cause: LeaveCause = 'left'): boolean {
    const room = this.room(space, name);
    if (room?.get(member.id) !== member) return false;
    const heard = this.whenHeard(member);
    if (heard === undefined) {
      this.#remove(room, member, cause);
    } else {
      room.silence(member);
      const go = (): void => this.#remove(room, member, cause);
      heard.then(go, go);
    }
    return true;
  }

  /** When all that a member has said is accepted or refused, and it is gone if it was to go; `undefined`: now. */
  whenHeard(member: Member): Promise<unknown> | undefined {
    return this.#lastWords.of(member);
  }

  /** The connection of a member is lost, which is a leave unless it comes back in time. */
  lose(space: string, name: string, member: Member, cause: LeaveCause): void {
    if (member.comesBack !== true) this.leave(space, name, member, cause);
    else if (this.room(space, name)?.get(member.id) === member)
      this.#away.add({ space, name }, member, cause);
  }

  /** Takes a member out of a room. False when it was not in it. */
  eject(space: string, name: string, memberId: string, reason = ''): boolean {
    const member = this.room(space, name)?.get(memberId);
    if (member === undefined) return false;
    this.#putOut(space, name, member, { cause: 'ejected', reason });
    return true;
  }

  /**
   * Takes every member out of a room and forgets all that is kept of it, so that it is gone; whoever joins later
   * finds a new one. Returns how many members there were.
   */
  closeRoom(space: string, name: string, reason = ''): number {
    const room = this.room(space, name);
    const members = [...(room?.members() ?? [])];
    if (room !== undefined) {
      room.isClosing = true;
      for (const member of members) {
        this.#putOut(space, name, member, { cause: 'closed', reason });
        // Nobody is left who would wait for what it said.
        this.#remove(room, member, 'ejected');
      }
      this.#close(room);
    }
    this.#engine.forget({ space, name });
    return members.length;
  }

  /**
   * Changes the state of a room, and that of a member in it, and tells the members: no hook is asked. Nobody needs
   * to be there.
   *
   * @throws HubError when a limit or a condition stands in the way, now or later; then nothing has changed.
   * @throws TypeError when an entry is none.
   */
  change(space: string, name: string, draft: ChangeDraft): Revision | Promise<Revision> {
    this.#checkName(name);
    const member = draft.by === null ? undefined : this.room(space, name)?.get(draft.by);
    if (draft.clientChanges !== undefined) member?.state?.draft().change(draft.clientChanges);
    const acceptance = this.#engine.change(this.room(space, name)?.address ?? { space, name }, draft);
    this.#lastWords.note(member, acceptance);
    return acceptance;
  }

  /**
   * Changes state as a member asks, once the hook has agreed: where there is one, one change of a room after the
   * other, in the order they were asked for. Done when it returns, or when what it returns resolves. A room or
   * member that is gone by then takes what concerns it along. `isWanted` may take the request back while it waits.
   *
   * @throws HubError, now or later, when it is refused.
   */
  requestChange(
    space: string,
    name: string,
    memberId: string,
    request: ChangeRequest,
    isWanted: () => boolean = () => true,
  ): Promise<Revision | undefined> | Revision | undefined {
    const room = this.room(space, name);
    const member = room?.get(memberId);
    if (room === undefined || member === undefined) throw new HubError('not-a-member', 'join the room first');
    if (this.#hooks.change === undefined) return this.#fulfil(room, member, request);
    const context = {
      room: new RoomView(this, room.address),
      clientId: member.id,
      client: memberView(member),
    };
    return room.turns.take(() => {
      if (!isWanted()) return undefined;
      const fulfil = (agreed: ChangeRequest | undefined | void): Revision | Promise<Revision> | undefined =>
        isWanted() ? this.#fulfil(room, member, rewritten(request, agreed)) : undefined;
      const answer = ask('change', this.#hookTimeoutMs, () => this.#hooks.change?.(request, context));
      return answer instanceof Promise ? answer.then(fulfil) : fulfil(answer);
    });
  }

  /**
   * Tells the members whose protocol has a word for it something in that protocol's own terms: one of them (`to`),
   * or all but one (`except`). It is no publication and takes no place in the room's stream. Returns how many.
   */
  notify(space: string, name: string, notice: unknown, to?: string, except?: string): number {
    const count = this.room(space, name)?.deliverNotice(notice, to, except) ?? 0;
    this.#counters.delivered += count;
    return count;
  }

  /**
   * Says something in a room; nobody needs to be there. Gives the position when the engine has accepted it.
   *
   * @throws HubError when the name is too long or a hook refuses.
   */
  publish(space: string, name: string, draft: Draft): Acceptance {
    this.#checkName(name);
    this.#ask(() => this.#hooks.publish?.({ space, room: name, draft }));
    return this.announce(space, name, draft);
  }

  /** Says what the server itself has to say, such as who came: no hook is asked. */
  announce(space: string, name: string, draft: Draft): Acceptance {
    const room = this.room(space, name);
    this.#counters.published++;
    const acceptance = this.#engine.publish(room?.address ?? { space, name }, draft);
    const { id } = draft.sender;
    if (acceptance instanceof Promise && id !== null) this.#lastWords.note(room?.get(id), acceptance);
    return acceptance;
  }

  readonly #published = (address: RoomAddress, publication: Publication): void => {
    const room = this.#sameRoom(address, publication);
    if (room !== undefined) this.#counters.delivered += room.deliver(publication);
    if (publication.to === undefined)
      this.#watchers.tell(address, (watcher) => watcher.published(publication));
  };

  readonly #changed = (address: RoomAddress, change: Change): void => {
    const room = this.#sameRoom(address, change);
    if (room === undefined) return;
    const { roomChanges, clientChanges, by } = change;
    const member = by === null ? undefined : room.get(by);
    const hasChanged = clientChanges !== undefined && changeOwn(member, clientChanges);
    const isHidden = member?.isHidden === true;
    const shown = !hasChanged || isHidden ? undefined : clientChanges;
    const isNews = isHidden ? (roomChanges?.length ?? 0) > 0 : (roomChanges ?? shown) !== undefined;
    if (change.isSilent === true || !isNews) return;
    this.#counters.delivered += room.deliverChange({ ...change, clientChanges: shown });
  };

  /** What was asked for before a room was closed is not for the one that came after. */
  #sameRoom({ space, name }: RoomAddress, { epoch }: { readonly epoch: string }): Room | undefined {
    const room = this.room(space, name);
    return room?.stored.epoch === epoch ? room : undefined;
  }

  #open(address: RoomAddress): Room {
    const { rooms: limit, roster } = this.#limits;
    const { size } = this.#rooms;
    if (limit !== 0 && size >= limit) throw new HubError('limit', `there are ${size} rooms already`);
    const room = new Room(address, this.#engine.subscribe(address), Date.now(), roster);
    this.#rooms.add(room);
    return room;
  }

  /** On the room that was asked for: if that has closed, another one of its name stays as it is. */
  #fulfil(room: Room, member: Member, request: ChangeRequest): Revision | Promise<Revision> | undefined {
    const { space, name } = room.address;
    const { roomChanges, clientChanges, epoch, echo = false } = request;
    if (this.room(space, name) !== room) return undefined;
    if (roomChanges !== undefined && roomChanges.length > 0 && member.isReadonly === true) {
      throw new HubError('forbidden', 'readonly client cannot change room state');
    }
    const except = echo || member.hearsOwnChanges === true ? undefined : member.id;
    return this.change(space, name, { roomChanges, epoch, clientChanges, by: member.id, except });
  }

  /** One that is away has no connection that could be told. */
  #putOut(space: string, name: string, member: Member, removal: Removal): void {
    if (this.#away.remove(member)) this.leave(space, name, member, 'ejected');
    else member.eject(removal);
  }

  #remove(room: Room, member: Member, cause: LeaveCause): void {
    if (room.get(member.id) !== member) return;
    room.remove(member, cause);
    this.#watchers.tell(room.address, (watcher) => watcher.left(member));
    if (room.size > 0) return;
    // A change that is being decided wants to find the room as it was.
    if (room.turns.isBusy && !room.isClosing) void room.turns.idle().then(() => this.#closeIfEmpty(room));
    else this.#close(room);
  }

  #closeIfEmpty(room: Room): void {
    if (room.size === 0) this.#close(room);
  }

  #close(room: Room): void {
    if (this.#rooms.delete(room)) this.#engine.unsubscribe(room.address);
  }

  #checkName(name: string): void {
    if (this.#limits.room !== 0 && name.length > this.#limits.room) {
      throw new HubError('limit', `room names have at most ${this.#limits.room} characters`);
    }
  }

  #ask(hook: () => void): void {
    try {
      hook();
    } catch (error) {
      throw refusal(error);
    }
  }
}

/** Conditions hold for what is changed instead too, key by key. */
function rewritten(request: ChangeRequest, agreed: ChangeRequest | undefined | void): ChangeRequest {
  if (!agreed) return request;
  const conditions = new Map(request.roomChanges?.map(({ key, ifRev }) => [key, ifRev]));
  return {
    ...agreed,
    epoch: request.epoch,
    roomChanges: agreed.roomChanges?.map((entry) => ({ ifRev: conditions.get(entry.key), ...entry })),
  };
}

/** Changes what a member shows of itself; it was looked at before whether that fits. */
function changeOwn(member: Member | undefined, entries: readonly Entry[]): boolean {
  if (member?.state === undefined) return false;
  const draft = member.state.draft();
  try {
    draft.change(entries);
  } catch {
    return false;
  }
  draft.commit();
  return true;
}
