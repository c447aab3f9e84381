import type { Position, Revision } from '../../../protocol/rooms.ts';
import { MemoryEngine } from '../../engines/memory/memory-engine.ts';
import type { ChangeDraft } from '../../hub/change.ts';
import type {
  Engine,
  EngineListener,
  History,
  HistoryRange,
  RoomAddress,
  StoredRoom,
} from '../../hub/engine.ts';
import { HubError } from '../../hub/errors.ts';
import type { Draft } from '../../hub/publication.ts';
import { DEFAULT_LIMITS, type Limits } from '../../limits.ts';

/** Accepts later, as an engine with a disk or a network does: when it is told to. */
export class LateEngine implements Engine {
  readonly isAvailable = true;
  /** Rooms that are subscribed, as `SPACE/NAME`. */
  readonly subscribed = new Set<string>();
  readonly #engine: MemoryEngine;
  readonly #waiting: { readonly accept: () => void; readonly refuse: (error: unknown) => void }[] = [];

  constructor(limits: Partial<Limits> = {}) {
    this.#engine = new MemoryEngine({ limits: { ...DEFAULT_LIMITS, ...limits }, roomGraceMs: 60_000 });
  }

  start(listener: EngineListener): Promise<void> {
    return this.#engine.start(listener);
  }

  publish(address: RoomAddress, draft: Draft): Promise<Position> {
    return this.#later(() => this.#engine.publish(address, draft));
  }

  change(address: RoomAddress, draft: ChangeDraft): Promise<Revision> {
    return this.#later(() => this.#engine.change(address, draft));
  }

  /** Makes good on everything asked for so far. */
  settle(): void {
    for (const { accept } of this.#waiting.splice(0)) accept();
  }

  /** Refuses everything asked for so far, as with a full disk. */
  refuse(): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(new HubError('unavailable', 'the disk is full'));
  }

  subscribe(address: RoomAddress): StoredRoom {
    this.subscribed.add(`${address.space}/${address.name}`);
    return this.#engine.subscribe(address);
  }

  unsubscribe(address: RoomAddress): void {
    this.subscribed.delete(`${address.space}/${address.name}`);
    this.#engine.unsubscribe(address);
  }

  find(address: RoomAddress): StoredRoom | undefined {
    return this.#engine.find(address);
  }

  names(space: string): Iterable<string> {
    return this.#engine.names(space);
  }

  async history(address: RoomAddress, range: HistoryRange): Promise<History> {
    return this.#engine.history(address, range);
  }

  forget(address: RoomAddress): void {
    this.#engine.forget(address);
  }

  stop(): Promise<void> {
    return this.#engine.stop();
  }

  #later<T>(what: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const accept = (): void => {
        try {
          resolve(what());
        } catch (error) {
          reject(error);
        }
      };
      this.#waiting.push({ accept, refuse: reject });
    });
  }
}
