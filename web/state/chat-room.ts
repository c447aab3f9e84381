import { type Client, type Room, RoomplexError, type RoomPresenceChange } from '../../client/index.ts';
import type { MemberInfo } from '../../protocol/rooms.ts';
import { type ChatPayload, MessageLog } from './message-log.ts';

/** `away`: the connection is lost; the client joins again by itself. */
export type RoomPhase = 'joining' | 'joined' | 'away' | 'refused';

/** What a room asks of the store that holds it. */
export interface ChatRoomOwner {
  readonly nickname: string;
  /** True while the user looks at this room. */
  isWatched(room: ChatRoom): boolean;
  changed(): void;
}

/** One room of the chat: its messages, its members and what the user has typed but not sent. */
export class ChatRoom {
  readonly name: string;
  readonly log = new MessageLog();
  /** Typed but not sent. */
  draft = '';
  readonly #owner: ChatRoomOwner;
  #room: Room | null = null;
  #stops: (() => void)[] = [];
  #client: Client | null = null;
  #refusal: string | null = null;
  #joinedOnce = false;
  #unread = 0;

  constructor(name: string, owner: ChatRoomOwner) {
    this.name = name;
    this.#owner = owner;
  }

  get phase(): RoomPhase {
    if (this.#room?.isJoined === true) return 'joined';
    if (this.#refusal !== null) return 'refused';
    return this.#joinedOnce || this.#client?.state === 'waiting' ? 'away' : 'joining';
  }

  /** Why the server did not let us in. */
  get refusal(): string | null {
    return this.#refusal;
  }

  get members(): readonly MemberInfo[] {
    return this.#room?.members ?? [];
  }

  get memberId(): string | null {
    return this.#room?.memberId ?? null;
  }

  /** Messages by others that the user has not seen. */
  get unread(): number {
    return this.#unread;
  }

  /** Enters the room over this client, and again whenever the client comes back. */
  enter(client: Client): void {
    this.#client = client;
    const room = client.room(this.name, { name: this.#owner.nickname });
    this.#room = room;
    this.#refusal = null;
    this.#stops = [
      client.on('state', () => this.#owner.changed()),
      // A room that could not be joined again after a reconnect says so only here; asking once more tells why.
      client.on('error', () => {
        if (client.state === 'open' && !room.isJoined && this.#refusal === null) this.join();
      }),
      room.on('message', (message) => {
        const arrival = this.log.receive(message, room.memberId);
        if (arrival === 'new' && !this.#owner.isWatched(this)) this.#unread += 1;
        this.#owner.changed();
      }),
      room.on('presence', (change) => this.#note(change)),
      room.on('gap', ({ missing }) => {
        this.log.addGap(missing, Date.now());
        this.#owner.changed();
      }),
      room.on('joined', () => {
        this.#joinedOnce = true;
        this.#refusal = null;
        this.#owner.changed();
      }),
    ];
    this.join();
  }

  /** Asks to be let in; also once more after a refusal. */
  join(): void {
    const room = this.#room;
    if (room === null) return;
    this.#refusal = null;
    this.#owner.changed();
    room.join().catch((error: unknown) => {
      if (room !== this.#room) return;
      this.#refusal = reasonOf(error);
      this.#owner.changed();
    });
  }

  /** Lets go of the client, which is about to be replaced. */
  release(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#room = null;
    this.#client = null;
  }

  /** Leaves for good. */
  async leave(): Promise<void> {
    const room = this.#room;
    this.release();
    // A leave that gets lost is a leave all the same: the server forgets us with the connection.
    await room?.leave().catch(() => undefined);
  }

  /** Leaves and comes back under the nickname of now. */
  rename(): void {
    const client = this.#client;
    if (client === null) return;
    // Both go out at once and in this order.
    void this.leave();
    this.enter(client);
  }

  /** Says something. Returns false when too much is on its way already. */
  say(text: string): boolean {
    if (this.log.isFull) return false;
    const cid = newCid();
    this.log.addOutgoing(cid, text, this.#owner.nickname, Date.now());
    this.#publish(cid, text);
    return true;
  }

  /** Sends a message that failed once more. */
  retry(cid: string): void {
    const message = this.log.outgoing(cid);
    if (message?.delivery !== 'failed') return;
    this.log.retry(cid);
    this.#publish(cid, message.text);
  }

  /** Removes a message that failed. */
  discard(cid: string): void {
    this.log.discard(cid);
    this.#owner.changed();
  }

  markRead(): void {
    if (this.#unread === 0) return;
    this.#unread = 0;
    this.#owner.changed();
  }

  #publish(cid: string, text: string): void {
    this.#owner.changed();
    const payload: ChatPayload = { text, cid };
    const room = this.#room;
    const published = room?.publish(payload) ?? Promise.reject(new Error('not connected'));
    published.then(
      (position) => {
        this.log.confirm(cid, position);
        this.#owner.changed();
      },
      (error: unknown) => {
        // It never went out, and another transport or nickname is in use by now: that one takes it along.
        if (isUnsent(error) && this.#room !== null && this.#room !== room) {
          this.#publish(cid, text);
          return;
        }
        this.log.fail(cid, reasonOf(error));
        this.#owner.changed();
      },
    );
  }

  #note({ joins, leaves }: RoomPresenceChange): void {
    const ownId = this.#room?.memberId;
    const others = (members: readonly MemberInfo[]): string[] =>
      members.filter(({ id }) => id !== ownId).map(({ name }) => name);
    const left = others(leaves);
    const joined = others(joins);
    if (left.length > 0) this.log.addPresence('left', left, Date.now());
    if (joined.length > 0) this.log.addPresence('joined', joined, Date.now());
    this.#owner.changed();
  }
}

/** 120 random bits; `crypto.randomUUID` is missing on pages that came over plain HTTP. */
function newCid(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(15)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

function isUnsent(error: unknown): boolean {
  return error instanceof RoomplexError && (error.code === 'closed' || error.code === 'cancelled');
}

function reasonOf(error: unknown): string {
  return error instanceof RoomplexError ? error.reason : String(error);
}
