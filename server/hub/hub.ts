import type { Position } from '../../protocol/rooms.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { Acceptance } from './acceptance.ts';
import { ask, refusal } from './ask.ts';
import type { ChangeDraft } from './change.ts';
import type { Engine, RoomAddress } from './engine.ts';
import { HubError } from './errors.ts';
import type { ChangeRequest, Hooks } from './hooks.ts';
import type { Member } from './member.ts';
import { NameIndex } from './name-index.ts';
import type { Draft, Publication } from './publication.ts';
import { memberView, RoomView } from './room-view.ts';
import { Room } from './room.ts';
import { VacantRooms } from './vacant-rooms.ts';

/** What the hub itself limits; 0 lifts a limit. */
export interface HubLimits {
  /** Characters of a room's name. */
  readonly room: number;
  /** Rooms that may exist at a time. */
  readonly rooms: number;
  /** Keys in a room's state. */
  readonly stateKeys: number;
  /** Bytes of a room's state. */
  readonly stateBytes: number;
  /** Bytes of state in all rooms together that nobody is in. */
  readonly vacantState: number;
}

/** How the hub takes its time. */
export interface HubOptions {
  readonly hooks?: Hooks | undefined;
  /** How long a room with state outlives its last member, in ms; 0: not at all, `Infinity`: for ever. @default 60000 */
  readonly roomGraceMs?: number | undefined;
  /** How long a hook may take, in ms; 0 lifts it. @default 10000 */
  readonly hookTimeoutMs?: number | undefined;
}

/** Server code that follows one room. */
export interface RoomWatcher {
  joined(member: Member): void;
  left(member: Member): void;
  published(publication: Publication): void;
}

/**
 * Rooms and who is in them: the only door gateways use. Rooms live in spaces, which never mix: `rooms` is
 * the one that topics and `/layout` share, `bus`, `lobby` and `trigger` have their own (S1 §1).
 *
 * A room exists while it has members, and for a grace time after that if it has state. State is kept in this
 * process: unlike publications, changes do not go through the engine.
 */
export class Hub {
  readonly #engine: Engine;
  readonly #counters: Counters;
  readonly #limits: HubLimits;
  readonly #hooks: Hooks;
  readonly #hookTimeoutMs: number;
  readonly #roomGraceMs: number;
  readonly #vacant: VacantRooms;
  readonly #spaces = new Map<string, Map<string, Room>>();
  /** Of the rooms in a space, those with a slash in their names. */
  readonly #paths = new Map<string, NameIndex>();
  readonly #watchers = new Map<string, Map<string, RoomWatcher>>();
  #roomCount = 0;

  constructor(engine: Engine, counters: Counters, limits: HubLimits, options: HubOptions = {}) {
    this.#engine = engine;
    this.#counters = counters;
    this.#limits = limits;
    this.#hooks = options.hooks ?? {};
    this.#hookTimeoutMs = options.hookTimeoutMs ?? 10_000;
    this.#roomGraceMs = options.roomGraceMs ?? 60_000;
    const vacancy = { graceMs: this.#roomGraceMs, bytes: limits.vacantState };
    this.#vacant = new VacantRooms(vacancy, (room) => this.#close(room));
  }

  async start(): Promise<void> {
    await this.#engine.start(this.#deliver);
  }

  async stop(): Promise<void> {
    this.#vacant.stop();
    await this.#engine.stop();
  }

  /** Rooms with members. */
  get roomCount(): number {
    return this.#roomCount - this.#vacant.size;
  }

  *rooms(): IterableIterator<Room> {
    for (const rooms of this.#spaces.values()) yield* rooms.values();
  }

  room(space: string, name: string): Room | undefined {
    return this.#spaces.get(space)?.get(name);
  }

  /**
   * Names of the rooms of a space that start with `path`, which ends in a slash, the room of that very name
   * included, in their order.
   */
  roomsBelow(space: string, path: string): string[] {
    return this.#paths.get(space)?.startingWith(path) ?? [];
  }

  /** One watcher per room; the room need not exist. Returns an unsubscribe function. */
  watch(space: string, name: string, watcher: RoomWatcher): () => void {
    let watchers = this.#watchers.get(space);
    if (watchers === undefined) this.#watchers.set(space, (watchers = new Map()));
    watchers.set(name, watcher);
    return () => watchers.delete(name);
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
    this.#vacant.remove(room);
    room.add(member);
    this.#tell(address, (watcher) => watcher.joined(member));
    return this.#engine.position(room.address);
  }

  /** False when the member was not in the room. */
  leave(space: string, name: string, memberId: string): boolean {
    const room = this.room(space, name);
    const member = room?.remove(memberId);
    if (room === undefined || member === undefined) return false;
    this.#closeIfOver(room);
    this.#tell(room.address, (watcher) => watcher.left(member));
    return true;
  }

  /** Takes a member out of a room. False when it was not in it. */
  eject(space: string, name: string, memberId: string, reason = ''): boolean {
    const member = this.room(space, name)?.get(memberId);
    member?.eject({ cause: 'ejected', reason });
    return member !== undefined;
  }

  /**
   * Takes every member out of a room and forgets its state, so that it is gone; whoever joins later finds a new
   * one. Returns how many members there were.
   */
  closeRoom(space: string, name: string, reason = ''): number {
    const room = this.room(space, name);
    if (room === undefined) return 0;
    room.isClosing = true;
    if (room.hasState) room.state.clear();
    const members = [...room.members()];
    for (const member of members) member.eject({ cause: 'closed', reason });
    this.#closeIfOver(room);
    return members.length;
  }

  /**
   * Changes the state of a room, and that of a member in it, and tells the members: no hook is asked. A room
   * that is not there is made, and stays as long as one whose last member left.
   *
   * @throws HubError when a limit stands in the way; then nothing has changed.
   * @throws TypeError when an entry is none.
   */
  change(space: string, name: string, draft: ChangeDraft): void {
    this.#checkName(name);
    const room = this.room(space, name) ?? this.#open({ space, name });
    try {
      this.#apply(room, draft);
    } finally {
      this.#closeIfOver(room);
    }
  }

  /**
   * Changes state as a member asks, once the hook has agreed: one change of a room after the other, in the order
   * they were asked for. Done when it returns, or when what it returns resolves. A room or member that is gone
   * by then takes what concerns it along. `isWanted` may take the request back while it waits.
   *
   * @throws HubError, now or later, when it is refused.
   */
  requestChange(
    space: string,
    name: string,
    memberId: string,
    request: ChangeRequest,
    isWanted: () => boolean = () => true,
  ): Promise<void> | void {
    const room = this.room(space, name);
    const member = room?.get(memberId);
    if (room === undefined || member === undefined) throw new HubError('not-a-member', 'join the room first');
    const done = room.turns.take(() => {
      if (!isWanted()) return;
      const fulfil = (agreed: ChangeRequest | undefined | void): void => {
        if (isWanted()) this.#fulfil(room, member, agreed ?? request);
      };
      const context = { room: new RoomView(room), clientId: member.id, client: memberView(member) };
      const answer = ask('change', this.#hookTimeoutMs, () => this.#hooks.change?.(request, context));
      return answer instanceof Promise ? answer.then(fulfil) : fulfil(answer);
    });
    if (done instanceof Promise) {
      // Members may all have left meanwhile, and the room stayed for this alone.
      const end = (): void => this.#closeIfOver(room);
      done.then(end, end);
    }
    return done;
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
    const address = this.room(space, name)?.address ?? { space, name };
    this.#counters.published++;
    return this.#engine.publish(address, draft);
  }

  readonly #deliver = (address: RoomAddress, publication: Publication): void => {
    const room = this.room(address.space, address.name);
    if (room !== undefined) this.#counters.delivered += room.deliver(publication);
    if (publication.to === undefined) this.#tell(address, (watcher) => watcher.published(publication));
  };

  /** Afterwards, so that what a watcher says in answer follows the answer that the member is owed. */
  #tell(address: RoomAddress, what: (watcher: RoomWatcher) => void): void {
    const watcher = this.#watchers.get(address.space)?.get(address.name);
    if (watcher !== undefined) queueMicrotask(() => what(watcher));
  }

  #open(address: RoomAddress): Room {
    if (this.#limits.rooms !== 0 && this.#roomCount >= this.#limits.rooms && !this.#vacant.closeOldest()) {
      throw new HubError('limit', `there are ${this.#roomCount} rooms already`);
    }
    const { stateKeys, stateBytes } = this.#limits;
    const room = new Room(address, Date.now(), { keys: stateKeys, bytes: stateBytes });
    let rooms = this.#spaces.get(address.space);
    if (rooms === undefined) this.#spaces.set(address.space, (rooms = new Map()));
    rooms.set(address.name, room);
    this.#roomCount++;
    if (address.name.includes('/')) {
      let paths = this.#paths.get(address.space);
      if (paths === undefined) this.#paths.set(address.space, (paths = new NameIndex()));
      paths.add(address.name);
    }
    this.#engine.subscribe(address);
    return room;
  }

  /** On the room that was asked for: if that has closed, another one of its name stays as it is. */
  #fulfil(room: Room, member: Member, request: ChangeRequest): void {
    const { roomChanges, clientChanges, echo = false } = request;
    if (roomChanges !== undefined && roomChanges.length > 0 && member.isReadonly === true) {
      throw new HubError('forbidden', 'readonly client cannot change room state');
    }
    const except = echo ? undefined : member.id;
    this.#apply(room, { roomChanges, clientChanges, by: member.id, except });
  }

  #apply(room: Room, draft: ChangeDraft): void {
    const { roomChanges, clientChanges, by } = draft;
    const member = by === null ? undefined : room.get(by);
    const setRoom = roomChanges && room.state.prepare(roomChanges);
    const setMember = clientChanges && member?.state?.prepare(clientChanges);
    setRoom?.();
    setMember?.();
    const isHidden = member?.isHidden === true;
    const shown = setMember === undefined || isHidden ? undefined : clientChanges;
    const isNews = isHidden ? (roomChanges?.length ?? 0) > 0 : (roomChanges ?? shown) !== undefined;
    if (draft.isSilent === true || !isNews) return;
    const change = { ...draft, room: room.address.name, clientChanges: shown };
    this.#counters.delivered += room.deliverChange(change);
  }

  /** A room that nobody is in ends, at once or when its state has waited long enough. */
  #closeIfOver(room: Room): void {
    const { space, name } = room.address;
    if (room.size > 0 || this.room(space, name) !== room) return;
    const isWorthKeeping = room.hasState || room.turns.isBusy;
    if (isWorthKeeping && !room.isClosing && this.#roomGraceMs > 0) this.#vacant.add(room);
    else this.#close(room);
  }

  #close(room: Room): void {
    const { space, name } = room.address;
    this.#vacant.remove(room);
    this.#spaces.get(space)?.delete(name);
    if (name.includes('/')) this.#paths.get(space)?.delete(name);
    this.#roomCount--;
    this.#engine.unsubscribe(room.address);
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
