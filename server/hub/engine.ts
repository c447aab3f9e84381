import type { Position, Revision } from '../../protocol/rooms.ts';
import type { Acceptance } from './acceptance.ts';
import type { Change, ChangeDraft } from './change.ts';
import type { Draft, Publication } from './publication.ts';
import type { StateView } from './state-view.ts';

/** A room's name in its space; the key under which engines know it. */
export interface RoomAddress {
  readonly space: string;
  readonly name: string;
}

/** How an engine hands on what was accepted, on every node: each once, and all of a room in one order. */
export interface EngineListener {
  published(address: RoomAddress, publication: Publication): void;
  changed(address: RoomAddress, change: Change): void;
}

/** What an engine has of a room: live, and for reading. Nothing is in it that was not accepted. */
export interface StoredRoom {
  /** That of {@link position}. */
  readonly epoch: string;
  /** Where the stream stands: what is published from here on has a greater offset. */
  readonly position: Position;
  /** Offset of the oldest publication that history still has; one more than the newest when it has none. */
  readonly first: number;
  readonly state: StateView;
}

/** Which part of a room's history; `before` or `after`, or neither for the latest. */
export interface HistoryRange {
  /** The latest of those with lower offsets. */
  readonly before?: number | undefined;
  /** The earliest of those with greater offsets. */
  readonly after?: number | undefined;
  /** At most so many; a page may be cut shorter by its size, but never to nothing. */
  readonly limit: number;
}

/** In stream order. */
export type History = readonly Publication[];

/**
 * Stamps what is said and changed in rooms, keeps it as long as it is told to, and carries it to every node, this
 * one included: local members hear through the engine too, so the order in a room is the same wherever one
 * listens.
 *
 * Every room has an epoch, a stream with gapless offsets from 1, and a state with revisions from 1. An epoch never
 * gives out an offset or a revision twice. A room that was forgotten comes back empty with another epoch.
 *
 * An engine that knows at once answers at once; otherwise there is a promise, and the listener is told no later
 * than it resolves. What was refused, now or then, has not happened.
 */
export interface Engine {
  /** False while nothing can be accepted, as with a full disk. */
  readonly isAvailable: boolean;
  /** Called once, before anything else. Rejects with a sentence when there is no way to start. */
  start(listener: EngineListener): Promise<void>;
  /**
   * Gives the position when the publication is accepted for good. Publications of one room are accepted in the
   * order of the calls. One whose `id` was accepted in the room within the last five minutes is not accepted
   * again: it gets the position of the first.
   *
   * @throws HubError `unavailable`, now or later.
   */
  publish(address: RoomAddress, draft: Draft): Acceptance;
  /**
   * Gives the revision when the change is accepted for good: all of it or nothing, and in one order with the
   * publications of the room. Without changes of the room's state it is carried along in that order alone.
   *
   * @throws ConflictError when a condition does not hold, HubError `limit` when the state would grow too large,
   * or `unavailable`, now or later.
   * @throws TypeError when an entry is none.
   */
  change(address: RoomAddress, draft: ChangeDraft): Revision | Promise<Revision>;
  /** The room as it is stored, empty if it is not. From now on this node delivers it and reads it at no cost. */
  subscribe(address: RoomAddress): StoredRoom;
  unsubscribe(address: RoomAddress): void;
  /** The room as it is stored; `undefined` when nothing is. */
  find(address: RoomAddress): StoredRoom | undefined;
  /** Names of all rooms of a space of which something is stored, subscribed or not. */
  names(space: string): Iterable<string>;
  /** Publications that were accepted and are still kept. */
  history(address: RoomAddress, range: HistoryRange): History | Promise<History>;
  /** Takes away all that is stored of a room that is not subscribed. */
  forget(address: RoomAddress): void;
  /** What was accepted is safe when it resolves. */
  stop(): Promise<void>;
}
