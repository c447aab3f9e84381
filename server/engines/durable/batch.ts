import type { DurableRoom } from './durable-room.ts';
import { RoomDraft } from './room-draft.ts';
import type { Store } from './store.ts';
import { WriteSet } from './write-set.ts';

/** What is committed at once. */
export class Batch {
  readonly store: Store;
  readonly writes = new WriteSet();
  /** ms since 1970. */
  readonly now = Date.now();
  readonly #rooms = new Map<DurableRoom, RoomDraft>();

  constructor(store: Store) {
    this.store = store;
  }

  has(room: DurableRoom): boolean {
    return this.#rooms.has(room);
  }

  room(room: DurableRoom): RoomDraft {
    let draft = this.#rooms.get(room);
    if (draft === undefined) {
      draft = new RoomDraft(room, this.store, this.writes);
      this.#rooms.set(room, draft);
    }
    return draft;
  }

  /** Resolves when all of it is on disk. */
  async write(): Promise<void> {
    for (const draft of this.#rooms.values()) draft.finish();
    await this.store.write(this.writes);
  }

  /** Everything that was told of piece by piece is as it is stored. */
  commit(): void {
    for (const draft of this.#rooms.values()) draft.commit();
  }

  /** Nothing of it has happened. */
  drop(): void {
    for (const draft of this.#rooms.values()) draft.drop();
  }
}
