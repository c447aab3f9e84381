import { NameIndex } from './name-index.ts';
import type { Room } from './room.ts';

/** The rooms of one space. */
interface Space {
  readonly rooms: Map<string, Room>;
  /** Names that have a slash. */
  readonly paths: NameIndex;
}

/** The rooms that are here, by space and name. */
export class RoomTable {
  readonly #spaces = new Map<string, Space>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  *[Symbol.iterator](): IterableIterator<Room> {
    for (const { rooms } of this.#spaces.values()) yield* rooms.values();
  }

  get(space: string, name: string): Room | undefined {
    return this.#spaces.get(space)?.rooms.get(name);
  }

  names(space: string): Iterable<string> {
    return this.#spaces.get(space)?.rooms.keys() ?? [];
  }

  /** Names that start with `path`, which ends in a slash, that very name included, in their order. */
  below(space: string, path: string): string[] {
    return this.#spaces.get(space)?.paths.startingWith(path) ?? [];
  }

  /** None of its name may be there. */
  add(room: Room): void {
    const { space: spaceName, name } = room.address;
    let space = this.#spaces.get(spaceName);
    if (space === undefined) {
      this.#spaces.set(spaceName, (space = { rooms: new Map(), paths: new NameIndex() }));
    }
    space.rooms.set(name, room);
    if (name.includes('/')) space.paths.add(name);
    this.#size++;
  }

  /** This very room; false when it is not there. */
  delete(room: Room): boolean {
    const { space: spaceName, name } = room.address;
    const space = this.#spaces.get(spaceName);
    if (space?.rooms.get(name) !== room) return false;
    space.rooms.delete(name);
    if (name.includes('/')) space.paths.delete(name);
    this.#size--;
    return true;
  }
}
