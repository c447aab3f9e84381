import type { Position } from '../../protocol/rooms.ts';
import type { Acceptance } from './acceptance.ts';
import type { Draft, Publication } from './publication.ts';

/** A room's name in its space; the key under which engines know it. */
export interface RoomAddress {
  readonly space: string;
  readonly name: string;
}

/** How an engine hands publications back to the hub of every node, each once and in stream order. */
export type Deliver = (address: RoomAddress, publication: Publication) => void;

/**
 * Stamps publications and carries them to every node, this one included: local members hear through the
 * engine too, so the order in a room is the same wherever one listens.
 *
 * Every stream has an epoch and gapless offsets from 1. A stream lives at least as long as its room is
 * subscribed on some node; one that was forgotten comes back with another epoch.
 */
export interface Engine {
  /** Called once, before anything else. */
  start(deliver: Deliver): Promise<void>;
  /**
   * Gives the position when the publication is accepted; it is delivered no later than that.
   * Publications of one room are accepted in the order of the calls.
   */
  publish(address: RoomAddress, draft: Draft): Acceptance;
  /** From now on this node delivers the room. */
  subscribe(address: RoomAddress): void;
  unsubscribe(address: RoomAddress): void;
  /** Where the stream stands now: what is published from here on has a greater offset. */
  position(address: RoomAddress): Position;
  stop(): Promise<void>;
}
