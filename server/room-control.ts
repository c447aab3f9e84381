import type { HistoryRange } from './hub/engine.ts';
import type { Hub } from './hub/hub.ts';
import { MESSAGE, type Publication } from './hub/publication.ts';
import type { Position, Revision } from '../protocol/rooms.ts';
import { RoomView } from './hub/room-view.ts';
import { SHARED_SPACE } from './hub/spaces.ts';
import type { ConditionalEntry } from './hub/state-draft.ts';

/** Rooms in the hands of server code: those that topics, `/layout` and `/wss` share. No hook is asked. */
export interface RoomControl {
  /** The room as it is now; live. `undefined` when there is none. */
  room(name: string): RoomView | undefined;
  /** All there are, those included that nobody is in but of which something is kept. */
  rooms(): RoomView[];
  /**
   * Changes a room's state, all of it or nothing, and tells the members. Nobody needs to be there. Resolves when it
   * is accepted for good.
   *
   * @throws HubError when a limit stands in the way, ConflictError when a condition does not hold; it may reject with
   * them as well.
   * @throws TypeError when an entry is none.
   */
  change(name: string, entries: readonly ConditionalEntry[], options?: ChangeOptions): Promise<Revision>;
  /**
   * Says any JSON value in a room; nobody needs to be there. Resolves with the position when it is accepted for good.
   *
   * @throws HubError when the name is too long; it may reject with `unavailable` as well.
   */
  publish(name: string, data: unknown, options?: PublishOptions): Promise<Position>;
  /** What was said in a room and is still kept, in its order. Without `before` and `after` the latest. */
  history(name: string, range?: Partial<HistoryRange>): Promise<readonly Publication[]>;
  /** Takes a member out of a room; its protocol tells it why, if it can. False when it was not there. */
  eject(name: string, memberId: string, reason?: string): boolean;
  /** Takes every member out and forgets the state; the next to come finds a new room. Returns how many there were. */
  closeRoom(name: string, reason?: string): number;
  /** Sends clients of `/wss` a message of their protocol as it is. Returns how many got it. */
  notify(name: string, message: object, options?: NotifyOptions): number;
}

export interface PublishOptions {
  /** Whom members see as the sender. @default 'server' */
  readonly name?: string;
  /** Said again with the same id within five minutes, it is not published again. */
  readonly id?: string;
}

export interface ChangeOptions {
  /** Member id that is not told. */
  readonly except?: string | undefined;
  /** Nobody is told. @default false */
  readonly isSilent?: boolean;
}

export interface NotifyOptions {
  /** Member id that alone gets it. */
  readonly to?: string | undefined;
  /** Member id that does not get it. */
  readonly except?: string | undefined;
}

export function roomControl(hub: Hub): RoomControl {
  return {
    room: (name) => {
      return hub.stored(SHARED_SPACE, name) && new RoomView(hub, { space: SHARED_SPACE, name });
    },
    rooms: () => {
      return [...hub.names(SHARED_SPACE)].map((name) => new RoomView(hub, { space: SHARED_SPACE, name }));
    },
    change: (name, entries, { except, isSilent = false } = {}) => {
      const draft = { roomChanges: entries, by: null, except, isSilent };
      return Promise.resolve(hub.change(SHARED_SPACE, name, draft));
    },
    publish: (name, data, { name: nickname = 'server', id } = {}) => {
      const sender = { id: null, name: nickname };
      return Promise.resolve(hub.publish(SHARED_SPACE, name, { kind: MESSAGE, data, sender, id }));
    },
    history: async (name, { before, after, limit = 100 } = {}) => {
      return await hub.history(SHARED_SPACE, name, { before, after, limit });
    },
    eject: (name, memberId, reason) => hub.eject(SHARED_SPACE, name, memberId, reason),
    closeRoom: (name, reason) => hub.closeRoom(SHARED_SPACE, name, reason),
    notify: (name, message, { to, except } = {}) => hub.notify(SHARED_SPACE, name, message, to, except),
  };
}
