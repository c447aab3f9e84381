import type { Room } from './room.ts';

/** How long rooms without members are kept, and how much they may hold. */
export interface Vacancy {
  /** ms; `Infinity` for ever. */
  readonly graceMs: number;
  /** Bytes of state in all vacant rooms together; beyond it the longest vacant one goes. 0 lifts it. */
  readonly bytes: number;
}

/**
 * Rooms that nobody is in but whose state is still worth something. All wait equally long, so the oldest is
 * always the next to go, and one timer does for all.
 */
export class VacantRooms {
  readonly #vacancy: Vacancy;
  readonly #close: (room: Room) => void;
  /** Since when, by the process's clock; the oldest first. */
  readonly #rooms = new Map<Room, { readonly since: number; readonly bytes: number }>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `close` is told of each room whose time is over. */
  constructor(vacancy: Vacancy, close: (room: Room) => void) {
    this.#vacancy = vacancy;
    this.#close = close;
  }

  get size(): number {
    return this.#rooms.size;
  }

  /** The room's time begins, or begins anew. */
  add(room: Room): void {
    this.remove(room);
    const { bytes } = room.state;
    this.#rooms.set(room, { since: performance.now(), bytes });
    this.#bytes += bytes;
    const limit = this.#vacancy.bytes;
    while (limit !== 0 && this.#bytes > limit && this.#rooms.size > 1) this.closeOldest();
    this.#schedule();
  }

  remove(room: Room): void {
    const found = this.#rooms.get(room);
    if (found === undefined) return;
    this.#rooms.delete(room);
    this.#bytes -= found.bytes;
  }

  /** Makes room for another. False when there is none to close. */
  closeOldest(): boolean {
    for (const room of this.#rooms.keys()) {
      this.remove(room);
      this.#close(room);
      return true;
    }
    return false;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** A timer that comes too early, because the oldest room was entered again, just sets itself anew. */
  #schedule(): void {
    const { graceMs } = this.#vacancy;
    if (this.#timer !== undefined || graceMs === Infinity) return;
    for (const { since } of this.#rooms.values()) {
      const waitMs = Math.max(since + graceMs - performance.now(), 0);
      this.#timer = setTimeout(this.#sweep, Math.min(Math.ceil(waitMs), LONGEST_MS));
      this.#timer.unref();
      return;
    }
  }

  readonly #sweep = (): void => {
    this.#timer = undefined;
    const over = performance.now() - this.#vacancy.graceMs;
    for (const [room, { since }] of this.#rooms) {
      if (since > over) break;
      this.remove(room);
      this.#close(room);
    }
    this.#schedule();
  };
}

/** What a timer can count. */
const LONGEST_MS = 2 ** 31 - 1;
