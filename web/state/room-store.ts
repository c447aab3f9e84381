import type { MemberInfo, Position, Revision } from '../../client/index.ts';
import type { ConnectionStore } from './connection-store.ts';
import { type RoomPhase, RoomVisit, type Visitor } from './room-visit.ts';
import { StateBoard } from './state-board.ts';
import { Store } from './store.ts';

/** Whoever goes on to the room's chat, which is entered right after this, shall not be seen going and coming. */
const LINGER_MS = 200;

/** One room, looked at from inside: who is there, where its stream stands, what it remembers. */
export class RoomStore extends Store {
  readonly name: string;
  readonly board = new StateBoard(() => this.changed());
  readonly #connection: ConnectionStore;
  readonly #visitor: Visitor;
  #visit: RoomVisit | null = null;

  /** `nickname` is what the user is called in the room. */
  constructor(connection: ConnectionStore, name: string, nickname: string) {
    super();
    this.name = name;
    this.#connection = connection;
    this.#visitor = {
      nickname,
      get isCutOff() {
        return connection.isCutOff;
      },
      changed: () => this.changed(),
    };
  }

  get phase(): RoomPhase {
    return this.#visit?.phase(false) ?? 'joining';
  }

  /** Why the server did not let us in. */
  get refusal(): string | null {
    return this.#visit?.refusal ?? null;
  }

  /** Empty in a room that is too large for a list. */
  get members(): readonly MemberInfo[] {
    return this.#visit?.room.members ?? [];
  }

  get memberCount(): number {
    return this.#visit?.room.memberCount ?? 0;
  }

  get memberId(): string | null {
    return this.#visit?.room.memberId ?? null;
  }

  /** `null` before the room was joined; so is {@link RoomStore.revision}. */
  get position(): Position | null {
    return this.#visit?.room.position ?? null;
  }

  get revision(): Revision | null {
    return this.#visit?.room.state.revision ?? null;
  }

  /** Is in the room until the returned function is called, and for a moment after that. */
  follow(): () => void {
    const unfollow = this.#connection.subscribe(() => this.changed());
    const detach = this.#connection.attach((client) => {
      const visit: RoomVisit = new RoomVisit(this.name, client, this.#visitor, () =>
        this.board.show(visit.room.state),
      );
      const { room } = visit;
      this.#visit = visit;
      const stops = [
        room.on('state', (change) => this.board.note(change, (id) => this.#nameOf(id))),
        room.on('presence', () => this.changed()),
        room.on('message', () => this.changed()),
        room.on('gap', () => this.changed()),
      ];
      visit.join();
      return () => {
        for (const stop of stops) stop();
        visit.release();
        setTimeout(() => void visit.leave(), LINGER_MS);
      };
    });
    return () => {
      unfollow();
      detach();
    };
  }

  /** Asks to be let in once more after a refusal. */
  join(): void {
    this.#visit?.join();
  }

  #nameOf(id: string): string | null {
    if (id === this.memberId) return 'you';
    return this.members.find((member) => member.id === id)?.name ?? null;
  }
}
