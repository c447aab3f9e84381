import { type Client, type Room, RoomplexError } from '../../client/index.ts';

/** `away`: the connection is lost; the client joins again by itself. `closed`: it does not, and nothing is sent. */
export type RoomPhase = 'joining' | 'joined' | 'away' | 'closed' | 'refused';

/** What a visit asks of whoever makes it. */
export interface Visitor {
  readonly nickname: string;
  /** True once the connection has been missing for longer than a moment. */
  readonly isCutOff: boolean;
  changed(): void;
}

/** One room over one client: asks to be let in, and again after a refusal. */
export class RoomVisit {
  readonly room: Room;
  readonly #client: Client;
  readonly #visitor: Visitor;
  readonly #stops: (() => void)[];
  #refusal: string | null = null;
  #hasJoined = false;
  /** What the client knows of the room begins with the next join. */
  #isAnew = true;
  #isOver = false;

  /** `joined` is told whether the client begins anew with the room or comes back to where it was. */
  constructor(name: string, client: Client, visitor: Visitor, joined: (isAnew: boolean) => void) {
    this.#client = client;
    this.#visitor = visitor;
    const room = client.room(name, { name: visitor.nickname });
    this.room = room;
    this.#stops = [
      client.on('state', () => visitor.changed()),
      // That the server put us out, or does not let us in again after a reconnect, is told only here.
      client.on('error', ({ code, reason }) => {
        if (client.state !== 'open' || room.isJoined || this.#refusal !== null) return;
        this.#isAnew = true;
        if (code === 'ejected') this.#refused(reason);
        else this.join();
      }),
      room.on('joined', () => {
        const isAnew = this.#isAnew;
        this.#isAnew = false;
        this.#hasJoined = true;
        this.#refusal = null;
        joined(isAnew);
        visitor.changed();
      }),
    ];
  }

  /** True once it was let in, also while the connection is lost. */
  get hasJoined(): boolean {
    return this.#hasJoined;
  }

  /** `wasHere`: an earlier visit was let in. A short cut is not worth a word. */
  phase(wasHere: boolean): RoomPhase {
    if (this.room.isJoined) return 'joined';
    if (this.#client.state === 'closed') return 'closed';
    if (this.#refusal !== null) return 'refused';
    if (this.#visitor.isCutOff) return 'away';
    return wasHere || this.#hasJoined ? 'joined' : 'joining';
  }

  /** Why the server did not let us in. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** Asks to be let in. */
  join(): void {
    this.#refusal = null;
    this.#visitor.changed();
    this.room.join().catch((error: unknown) => {
      if (this.#isOver) return;
      this.#refused(error instanceof RoomplexError ? error.reason : String(error));
    });
  }

  /** Listens no more; the client is about to be replaced. */
  release(): void {
    this.#isOver = true;
    for (const stop of this.#stops) stop();
  }

  /** Leaves for good. */
  async leave(): Promise<void> {
    this.release();
    // A leave that gets lost is a leave all the same: the server forgets us with the connection.
    await this.room.leave().catch(() => undefined);
  }

  #refused(reason: string): void {
    this.#refusal = reason;
    this.#isAnew = true;
    this.#visitor.changed();
  }
}
