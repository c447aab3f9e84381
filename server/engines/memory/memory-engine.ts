import { randomBytes } from 'node:crypto';
import type { Position, Revision } from '../../../protocol/rooms.ts';
import type { ChangeDraft } from '../../hub/change.ts';
import type { Engine, EngineListener, History, HistoryRange, RoomAddress } from '../../hub/engine.ts';
import { GraceQueue } from '../../hub/grace-queue.ts';
import type { Draft } from '../../hub/publication.ts';
import type { Limits } from '../../limits.ts';
import { applyChange } from '../apply-change.ts';
import { MemoryRoom } from './memory-room.ts';

/** What a {@link MemoryEngine} takes. */
export interface MemoryEngineOptions {
  readonly limits: Pick<
    Limits,
    'history' | 'historyBytes' | 'historySeconds' | 'memoryBytes' | 'stateKeys' | 'stateBytes'
  >;
  /** False: publications pass through, and no history has them. @default true */
  readonly keepsHistory?: boolean;
  /** How long a room outlives its last subscription, in ms. 0: not at all, `Infinity`: as long as the process. */
  readonly roomGraceMs: number;
}

/** One node, and everything gone when the process ends. */
export class MemoryEngine implements Engine {
  readonly isAvailable = true;
  readonly #options: MemoryEngineOptions;
  readonly #keepsHistory: boolean;
  readonly #rooms = new Map<string, Map<string, MemoryRoom>>();
  /** Rooms that nobody is subscribed to. */
  readonly #vacant: GraceQueue<MemoryRoom>;
  #listener: EngineListener = { published: () => undefined, changed: () => undefined };
  /** Makes its epochs differ from those of every other engine. */
  readonly #name = randomBytes(9).toString('base64url');
  /** Goes up whenever a room is forgotten, so that its next life has another epoch. */
  #generation = 0;
  #bytes = 0;

  constructor(options: MemoryEngineOptions) {
    this.#options = options;
    this.#keepsHistory = options.keepsHistory ?? true;
    this.#vacant = new GraceQueue(options.roomGraceMs, (room) => this.#drop(room));
  }

  async start(listener: EngineListener): Promise<void> {
    this.#listener = listener;
  }

  publish(address: RoomAddress, draft: Draft): Position {
    const room = this.#open(address);
    const { epoch } = room;
    const known = draft.id === undefined ? undefined : room.offsetOf(draft.id);
    if (known !== undefined) return { epoch, offset: known };
    const offset = room.last + 1;
    const publication = {
      kind: draft.kind,
      data: draft.data,
      sender: draft.sender,
      except: draft.except,
      to: draft.to,
      id: draft.id,
      room: address.name,
      epoch,
      offset,
      at: room.now(),
    };
    if (this.#keepsHistory) {
      const before = room.bytes;
      room.keep(publication);
      this.#account(room, before);
    } else {
      room.pass();
    }
    this.#listener.published(address, publication);
    this.#release(room);
    return { epoch, offset };
  }

  change(address: RoomAddress, draft: ChangeDraft): Revision {
    const room = this.#open(address);
    const { epoch } = room;
    try {
      const changes = room.state.draft();
      applyChange(changes, room, draft);
      const before = room.bytes;
      changes.commit();
      this.#account(room, before);
      const { rev } = changes;
      this.#listener.changed(address, { ...draft, room: address.name, epoch, rev, at: room.now() });
      return { epoch, rev };
    } finally {
      this.#release(room);
    }
  }

  subscribe(address: RoomAddress): MemoryRoom {
    const room = this.#open(address);
    room.isSubscribed = true;
    this.#vacant.remove(room);
    return room;
  }

  unsubscribe(address: RoomAddress): void {
    const room = this.find(address);
    if (room === undefined) return;
    room.isSubscribed = false;
    this.#release(room);
  }

  find(address: RoomAddress): MemoryRoom | undefined {
    return this.#rooms.get(address.space)?.get(address.name);
  }

  names(space: string): Iterable<string> {
    return this.#rooms.get(space)?.keys() ?? [];
  }

  history(address: RoomAddress, range: HistoryRange): History {
    return this.find(address)?.history(range) ?? [];
  }

  forget(address: RoomAddress): void {
    const room = this.find(address);
    if (room === undefined || room.isSubscribed) return;
    this.#vacant.remove(room);
    this.#drop(room);
  }

  async stop(): Promise<void> {
    this.#vacant.stop();
    this.#rooms.clear();
  }

  #open(address: RoomAddress): MemoryRoom {
    let rooms = this.#rooms.get(address.space);
    if (rooms === undefined) this.#rooms.set(address.space, (rooms = new Map()));
    let room = rooms.get(address.name);
    if (room === undefined) {
      const { limits } = this.#options;
      const epoch = `${this.#name}.${this.#generation.toString(36)}`;
      const stateLimits = { keys: limits.stateKeys, bytes: limits.stateBytes };
      room = new MemoryRoom(address, epoch, stateLimits, limits);
      rooms.set(address.name, room);
      this.#bytes += room.bytes;
    }
    return room;
  }

  /** A room that nobody is subscribed to stays for a while if there is anything to stay for. */
  #release(room: MemoryRoom): void {
    if (room.isSubscribed) return;
    if (room.isUsed) this.#vacant.add(room);
    else this.#drop(room);
  }

  #drop(room: MemoryRoom): void {
    const rooms = this.#rooms.get(room.address.space);
    if (rooms?.get(room.address.name) !== room) return;
    rooms.delete(room.address.name);
    this.#bytes -= room.bytes;
    if (room.isUsed) this.#generation++;
  }

  /** A room has grown, from so many bytes: makes others smaller if all together have become too large. */
  #account(room: MemoryRoom, before: number): void {
    this.#bytes += room.bytes - before;
    const limit = this.#options.limits.memoryBytes;
    while (limit !== 0 && this.#bytes > limit) {
      const vacant = this.#vacant.shift();
      if (vacant !== undefined) {
        if (vacant !== room) this.#drop(vacant);
        continue;
      }
      const bytes = room.bytes;
      if (!room.dropOldest()) return;
      this.#bytes -= bytes - room.bytes;
    }
  }
}
