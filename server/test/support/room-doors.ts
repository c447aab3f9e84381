import type { createServer } from '../../create-server.ts';
import type { Guest } from './guests.ts';
import type { TestServer } from './server.ts';

/**
 * How a gateway leads into the rooms that all share. A gateway whose clients hear there what is said has some, in a
 * file `*.room-doors.ts` of its folder that exports `roomDoors`; the suite of one room with many doors collects them.
 */
export interface RoomDoors {
  /** What the server must be told for it. */
  readonly options?: Parameters<typeof createServer>[1];
  readonly doors: readonly RoomDoor[];
  /** Who speaks in a room without being in it. */
  readonly callers?: readonly RoomCaller[];
  /** From where one sees who is in a room. */
  readonly watchers?: readonly {
    readonly place: string;
    watch(server: TestServer, room: string): Promise<RoomWatcher>;
  }[];
}

/** A way in for somebody who hears and speaks. */
export interface RoomDoor {
  readonly door: string;
  enter(server: TestServer, room: string): Promise<Guest>;
}

export interface RoomCaller {
  readonly caller: string;
  call(server: TestServer, room: string, text: string): Promise<unknown>;
}

/** A member that is told who comes and goes in its room. */
export interface RoomWatcher {
  readonly id: string;
  /** Somebody else; `unknown` is who has no name. */
  nextJoined(): Promise<{ readonly id: string; readonly name: string }>;
  /** The id. */
  nextLeft(): Promise<string>;
  leave(): Promise<void>;
}
