import type { RoomAddress } from './engine.ts';
import type { Member } from './member.ts';
import type { Publication } from './publication.ts';

/** Server code that follows one room. */
export interface RoomWatcher {
  joined(member: Member): void;
  left(member: Member): void;
  published(publication: Publication): void;
}

/** Who follows which room: one watcher each, whether the room is there or not. */
export class Watchers {
  readonly #spaces = new Map<string, Map<string, RoomWatcher>>();

  /** Returns a function that ends it. */
  add(space: string, name: string, watcher: RoomWatcher): () => void {
    let watchers = this.#spaces.get(space);
    if (watchers === undefined) this.#spaces.set(space, (watchers = new Map()));
    watchers.set(name, watcher);
    return () => watchers.delete(name);
  }

  /** Afterwards, so that what a watcher says in answer follows the answer that the member is owed. */
  tell({ space, name }: RoomAddress, what: (watcher: RoomWatcher) => void): void {
    const watcher = this.#spaces.get(space)?.get(name);
    if (watcher !== undefined) queueMicrotask(() => what(watcher));
  }
}
