import type { RoomAddress } from '../../hub/engine.ts';

/** Things by the address of a room. */
export class AddressMap<T> {
  readonly #spaces = new Map<string, Map<string, T>>();

  get({ space, name }: RoomAddress): T | undefined {
    return this.#spaces.get(space)?.get(name);
  }

  set({ space, name }: RoomAddress, value: T): void {
    let values = this.#spaces.get(space);
    if (values === undefined) this.#spaces.set(space, (values = new Map()));
    values.set(name, value);
  }

  delete({ space, name }: RoomAddress): void {
    this.#spaces.get(space)?.delete(name);
  }
}
