import type { Position } from '../../protocol/rooms.ts';
import type { Counters } from '../telemetry/counters.ts';
import type { Acceptance } from './acceptance.ts';
import type { Engine, RoomAddress } from './engine.ts';
import { HubError } from './errors.ts';
import type { Hooks } from './hooks.ts';
import type { Member } from './member.ts';
import { NameIndex } from './name-index.ts';
import type { Draft, Publication } from './publication.ts';
import { Room } from './room.ts';

/** What the hub itself limits; 0 lifts a limit. */
export interface HubLimits {
  /** Characters of a room's name. */
  readonly room: number;
  /** Rooms that may exist at a time. */
  readonly rooms: number;
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
 * A room exists while it has members.
 */
export class Hub {
  readonly #engine: Engine;
  readonly #counters: Counters;
  readonly #limits: HubLimits;
  readonly #hooks: Hooks;
  readonly #spaces = new Map<string, Map<string, Room>>();
  /** Of the rooms in a space, those with a slash in their names. */
  readonly #paths = new Map<string, NameIndex>();
  readonly #watchers = new Map<string, Map<string, RoomWatcher>>();
  #roomCount = 0;

  constructor(engine: Engine, counters: Counters, limits: HubLimits, hooks: Hooks = {}) {
    this.#engine = engine;
    this.#counters = counters;
    this.#limits = limits;
    this.#hooks = hooks;
  }

  async start(): Promise<void> {
    await this.#engine.start(this.#deliver);
  }

  async stop(): Promise<void> {
    await this.#engine.stop();
  }

  get roomCount(): number {
    return this.#roomCount;
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
    room.add(member);
    this.#tell(address, (watcher) => watcher.joined(member));
    return this.#engine.position(room.address);
  }

  /** False when the member was not in the room. */
  leave(space: string, name: string, memberId: string): boolean {
    const room = this.room(space, name);
    const member = room?.remove(memberId);
    if (room === undefined || member === undefined) return false;
    if (room.size === 0) this.#close(room);
    this.#tell(room.address, (watcher) => watcher.left(member));
    return true;
  }

  /** Takes a member out of a room. False when it was not in it. */
  eject(space: string, name: string, memberId: string, reason = ''): boolean {
    const member = this.room(space, name)?.get(memberId);
    member?.eject({ cause: 'ejected', reason });
    return member !== undefined;
  }

  /** Takes every member out of a room, so that it is gone; whoever joins later finds a new one. Returns how many they were. */
  closeRoom(space: string, name: string, reason = ''): number {
    const members = [...(this.room(space, name)?.members() ?? [])];
    for (const member of members) member.eject({ cause: 'closed', reason });
    return members.length;
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
    if (this.#limits.rooms !== 0 && this.#roomCount >= this.#limits.rooms) {
      throw new HubError('limit', `there are ${this.#roomCount} rooms already`);
    }
    const room = new Room(address, Date.now());
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

  #close(room: Room): void {
    this.#spaces.get(room.address.space)?.delete(room.address.name);
    if (room.address.name.includes('/')) this.#paths.get(room.address.space)?.delete(room.address.name);
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
      if (error instanceof HubError) throw error;
      throw new HubError('forbidden', error instanceof Error ? error.message : 'refused');
    }
  }
}
