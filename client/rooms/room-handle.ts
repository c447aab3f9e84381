import type { MemberInfo, Position } from '../../protocol/rooms.ts';
import type { Clock } from '../clock.ts';
import { Emitter } from '../emitter.ts';
import { RoomplexError } from '../errors.ts';
import type { Room, RoomEvents, RoomGap, RoomMessage, RoomOptions, RoomPresenceChange } from '../types.ts';
import type { Membership, MembershipHolder } from './membership.ts';
import type { Rooms } from './rooms.ts';

/** One application's hold on a room. */
export class RoomHandle implements Room, MembershipHolder {
  readonly name: string;
  readonly #options: RoomOptions;
  readonly #rooms: Rooms;
  readonly #clock: Clock;
  readonly #emitter = new Emitter<RoomEvents>();
  #membership: Membership | null = null;
  /** What is told a moment later; `null` when nothing is held back. */
  #held: (() => void)[] | null = null;

  constructor(name: string, options: RoomOptions, rooms: Rooms, clock: Clock) {
    this.name = name;
    this.#options = options;
    this.#rooms = rooms;
    this.#clock = clock;
  }

  get isJoined(): boolean {
    return this.#membership?.isJoined ?? false;
  }

  get memberId(): string | null {
    return this.#membership?.memberId ?? null;
  }

  get members(): readonly MemberInfo[] {
    return this.#membership?.members ?? [];
  }

  get position(): Position | null {
    return this.#membership?.position ?? null;
  }

  async join(): Promise<void> {
    this.#membership ??= this.#rooms.membership(this.name, this.#options);
    await this.#membership.join(this);
  }

  async publish(data: unknown): Promise<Position> {
    if (this.#membership !== null) return await this.#membership.publish(data);
    this.#rooms.assertNotClosed();
    throw new RoomplexError('not-joined', `join the room ${this.name} before you publish to it`);
  }

  async leave(): Promise<void> {
    const membership = this.#membership;
    this.expelled();
    await membership?.leave(this);
  }

  on<E extends keyof RoomEvents>(event: E, listener: RoomEvents[E]): () => void {
    return this.#emitter.on(event, listener);
  }

  entered(isAwaited: boolean): void {
    this.#emitter.emit('joined');
    if (isAwaited) this.#hold();
  }

  message(message: RoomMessage): void {
    this.#tell(() => {
      this.#emitter.emit('message', message);
    });
  }

  presence(change: RoomPresenceChange): void {
    this.#tell(() => {
      this.#emitter.emit('presence', change);
    });
  }

  gap(gap: RoomGap): void {
    this.#tell(() => {
      this.#emitter.emit('gap', gap);
    });
  }

  expelled(): void {
    this.#membership = null;
    this.#held = null;
  }

  #tell(event: () => void): void {
    if (this.#held === null) event();
    else this.#held.push(event);
  }

  /**
   * Messages may come in the same packet as the answer to the JOIN, before the code behind `await join()` had
   * its turn to add listeners. They wait for the next round of the event loop.
   */
  #hold(): void {
    if (this.#held !== null) return;
    const held: (() => void)[] = [];
    this.#held = held;
    this.#clock.after(0, () => {
      if (this.#held !== held) return;
      this.#held = null;
      for (const event of held) event();
    });
  }
}
