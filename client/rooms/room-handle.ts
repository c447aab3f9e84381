import type { MemberInfo, Position } from '../../protocol/rooms.ts';
import { Emitter } from '../emitter.ts';
import type { Environment } from '../environment.ts';
import { RoomplexError } from '../errors.ts';
import type {
  HistoryOptions,
  Room,
  RoomEvents,
  RoomGap,
  RoomMessage,
  RoomOptions,
  RoomPresenceChange,
  RoomStateChange,
  RoomStateMap,
} from '../types.ts';
import { readHistory } from './history.ts';
import type { Membership, MembershipHolder } from './membership.ts';
import type { Rooms } from './rooms.ts';
import { StateMap } from './state-map.ts';

/** One application's hold on a room. */
export class RoomHandle implements Room, MembershipHolder {
  readonly name: string;
  readonly state: RoomStateMap;
  readonly #options: RoomOptions;
  readonly #rooms: Rooms;
  readonly #environment: Environment;
  readonly #emitter = new Emitter<RoomEvents>();
  #membership: Membership | null = null;
  /** What is told a moment later; `null` when nothing is held back. */
  #held: (() => void)[] | null = null;

  constructor(name: string, options: RoomOptions, rooms: Rooms, environment: Environment) {
    this.name = name;
    this.#options = options;
    this.#rooms = rooms;
    this.#environment = environment;
    this.state = new StateMap(
      name,
      environment,
      () => this.#membership?.state ?? null,
      (event, body, repeat) => this.#joined().outbox.ask(event, body, repeat),
    );
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

  get memberCount(): number {
    return this.#membership?.memberCount ?? 0;
  }

  get position(): Position | null {
    return this.#membership?.position ?? null;
  }

  async join(): Promise<void> {
    this.#membership ??= this.#rooms.membership(this.name, this.#options);
    await this.#membership.join(this);
  }

  async publish(data: unknown): Promise<Position> {
    return await this.#joined().publish(data);
  }

  async history(options: HistoryOptions = {}): Promise<readonly RoomMessage[]> {
    const { outbox } = this.#joined();
    return await readHistory(this.name, options, (body) => outbox.ask('HISTORY', body, 'again'));
  }

  async leave(): Promise<void> {
    const membership = this.#membership;
    this.#membership = null;
    this.#held = null;
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

  stateChanged(change: RoomStateChange): void {
    this.#tell(() => {
      this.#emitter.emit('state', change);
    });
  }

  expelled(): void {
    this.#membership = null;
  }

  #joined(): Membership {
    if (this.#membership !== null) return this.#membership;
    this.#rooms.assertNotClosed();
    throw new RoomplexError('not-joined', `the room ${this.name} is not joined`);
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
    this.#environment.clock.after(0, () => {
      if (this.#held !== held) return;
      this.#held = null;
      for (const event of held) event();
    });
  }
}
