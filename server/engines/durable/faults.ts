import type { RoomAddress } from '../../hub/engine.ts';
import { HubError } from '../../hub/errors.ts';
import { errorText, type Logger } from '../../log.ts';
import type { Counters } from '../../telemetry/counters.ts';
import { StoreDamage } from './store-damage.ts';

/** Rooms whose damage is remembered, so that it is told once. */
const REMEMBERED = 1000;

/** Where the store is damaged, and what else must not stop it. */
export class Faults {
  readonly #log: Logger;
  readonly #counters: Counters;
  readonly #told = new Set<string>();

  constructor(log: Logger, counters: Counters) {
    this.#log = log;
    this.#counters = counters;
  }

  /**
   * Does something with what is stored of a room.
   *
   * @throws HubError `unavailable` when the store is damaged there.
   */
  guard<T>(address: RoomAddress, read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.refusal(address, error);
    }
  }

  /** What is to be said of an error where somebody asked for a room. */
  refusal(address: RoomAddress, error: unknown): unknown {
    if (!(error instanceof StoreDamage)) return error;
    this.#counters.ignore('store', 'damage');
    const { space, name } = address;
    this.#tellOnce('the store is damaged', { space, room: name, what: error.message });
    return new HubError('unavailable', 'the store is damaged where it has this room', { cause: error });
  }

  /** Whoever was to be told of what was accepted has failed. */
  listenerFailed(error: unknown): void {
    this.#log.error('what was accepted could not be delivered', { error: errorText(error) });
  }

  /** What is done in the background could not be done. */
  upkeepFailed(error: unknown): void {
    if (error instanceof HubError) return;
    if (error instanceof StoreDamage) this.#counters.ignore('store', 'damage');
    this.#tellOnce('the upkeep of the store failed', { error: errorText(error) });
  }

  #tellOnce(message: string, fields: Record<string, unknown>): void {
    const key = JSON.stringify([message, fields]);
    if (this.#told.has(key) || this.#told.size >= REMEMBERED) return;
    this.#told.add(key);
    this.#log.error(message, fields);
  }
}
