import type { Revision } from '../../protocol/rooms.ts';
import type { Acceptance } from '../hub/acceptance.ts';
import type { ChangeDraft } from '../hub/change.ts';
import type {
  Engine,
  EngineListener,
  History,
  HistoryRange,
  RoomAddress,
  StoredRoom,
} from '../hub/engine.ts';
import type { Draft } from '../hub/publication.ts';

/** Two engines as one: the first for the spaces that are named, the second for all others. */
export class EngineBySpace implements Engine {
  readonly #named: Engine;
  readonly #spaces: ReadonlySet<string>;
  readonly #others: Engine;

  constructor(named: Engine, spaces: readonly string[], others: Engine) {
    this.#named = named;
    this.#spaces = new Set(spaces);
    this.#others = others;
  }

  get isAvailable(): boolean {
    return this.#named.isAvailable && this.#others.isAvailable;
  }

  async start(listener: EngineListener): Promise<void> {
    await this.#named.start(listener);
    await this.#others.start(listener);
  }

  publish(address: RoomAddress, draft: Draft): Acceptance {
    return this.#of(address.space).publish(address, draft);
  }

  change(address: RoomAddress, draft: ChangeDraft): Revision | Promise<Revision> {
    return this.#of(address.space).change(address, draft);
  }

  subscribe(address: RoomAddress): StoredRoom {
    return this.#of(address.space).subscribe(address);
  }

  unsubscribe(address: RoomAddress): void {
    this.#of(address.space).unsubscribe(address);
  }

  find(address: RoomAddress): StoredRoom | undefined {
    return this.#of(address.space).find(address);
  }

  names(space: string): Iterable<string> {
    return this.#of(space).names(space);
  }

  history(address: RoomAddress, range: HistoryRange): History | Promise<History> {
    return this.#of(address.space).history(address, range);
  }

  forget(address: RoomAddress): void {
    this.#of(address.space).forget(address);
  }

  async stop(): Promise<void> {
    await this.#named.stop();
    await this.#others.stop();
  }

  #of(space: string): Engine {
    return this.#spaces.has(space) ? this.#named : this.#others;
  }
}
