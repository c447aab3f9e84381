import { type Client, type Room, RoomplexError, type RoomPresenceChange } from '../../client/index.ts';
import type { MemberInfo } from '../../protocol/rooms.ts';
import { ChatHistory } from './chat-history.ts';
import { type ChatPayload, newCid } from './chat-payload.ts';
import { MessageLog } from './message-log.ts';
import { newsOf } from './presence-news.ts';
import { type RoomPhase, RoomVisit, type Visitor } from './room-visit.ts';

/** What a room asks of the store that holds it. */
export interface ChatRoomOwner extends Visitor {
  /** True when the connection was last missing for longer than a moment. */
  readonly wasCutOff: boolean;
  /** True while the user looks at this room. */
  isWatched(room: ChatRoom): boolean;
  /** Remembers a member id as this user's. */
  own(memberId: string): void;
  /** Tells whether a member id is, or was, this user's. */
  isOwn(memberId: string): boolean;
}

/** One room of the chat: its messages, its members and what the user has typed but not sent. */
export class ChatRoom {
  readonly name: string;
  readonly log: MessageLog;
  readonly history: ChatHistory;
  /** Typed but not sent. */
  draft = '';
  readonly #owner: ChatRoomOwner;
  #visit: RoomVisit | null = null;
  #stops: (() => void)[] = [];
  #client: Client | null = null;
  #wasHere = false;
  /** As an earlier visit left them; shown until the next one is let in. */
  #lastMembers: readonly MemberInfo[] = [];
  #lastCount = 0;
  /** Names by member id, as they were last listed; `null` while they are too many for a list. */
  #names: ReadonlyMap<string, string> | null = null;
  #unread = 0;

  constructor(name: string, owner: ChatRoomOwner) {
    this.name = name;
    this.#owner = owner;
    this.log = new MessageLog((id) => owner.isOwn(id));
    this.history = new ChatHistory(this.log, (unseen) => this.#arrived(unseen));
  }

  get phase(): RoomPhase {
    return this.#visit?.phase(this.#wasHere) ?? 'joining';
  }

  /** Why the server did not let us in. */
  get refusal(): string | null {
    return this.#visit?.refusal ?? null;
  }

  /** Empty in a room that is too large for a list. */
  get members(): readonly MemberInfo[] {
    return this.#visit?.hasJoined === true ? this.#visit.room.members : this.#lastMembers;
  }

  /** How many are in the room, also where they are too many to list. */
  get memberCount(): number {
    return this.#visit?.hasJoined === true ? this.#visit.room.memberCount : this.#lastCount;
  }

  get memberId(): string | null {
    return this.#visit?.room.memberId ?? null;
  }

  /** Messages by others that the user has not seen. */
  get unread(): number {
    return this.#unread;
  }

  /** Enters the room over this client, and again whenever the client comes back. */
  enter(client: Client): void {
    const visit: RoomVisit = new RoomVisit(this.name, client, this.#owner, (isAnew) =>
      this.#joined(visit.room, isAnew),
    );
    const { room } = visit;
    this.#client = client;
    this.#visit = visit;
    this.#stops = [
      room.on('message', (message) => this.#arrived(this.log.receive(message) === 'new' ? 1 : 0)),
      room.on('presence', (change) => this.#notePresence(room, change)),
      room.on('gap', (gap) => {
        this.log.addGap(gap, Date.now());
        if (gap.reason === 'epoch-changed') this.history.startedOver();
        this.#owner.changed();
      }),
    ];
    visit.join();
  }

  /** Asks to be let in once more after a refusal. */
  join(): void {
    this.#visit?.join();
  }

  /** Lets go of the client, which is about to be replaced. */
  release(): void {
    this.#lastMembers = this.members;
    this.#lastCount = this.memberCount;
    this.history.release();
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#visit?.release();
    this.#visit = null;
    this.#client = null;
  }

  /** Leaves for good. */
  async leave(): Promise<void> {
    const visit = this.#visit;
    this.release();
    await visit?.leave();
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

  #joined(room: Room, isAnew: boolean): void {
    if (room.memberId !== null) this.#owner.own(room.memberId);
    if (this.#owner.wasCutOff) this.log.beginRecovery();
    else this.log.endRecovery();
    this.#wasHere = true;
    if (isAnew) {
      this.#names = namesOf(room);
      this.history.entered(room);
    } else {
      this.history.returned();
    }
    this.#owner.changed();
  }

  #arrived(unseen: number): void {
    if (!this.#owner.isWatched(this)) this.#unread += unseen;
    this.#owner.changed();
  }

  #publish(cid: string, text: string): void {
    this.#owner.changed();
    const payload: ChatPayload = { text, cid };
    const visit = this.#visit;
    const published = visit?.room.publish(payload) ?? Promise.reject(new Error('not connected'));
    published.then(
      (position) => {
        this.log.confirm(cid, position);
        this.#owner.changed();
      },
      (error: unknown) => {
        // It never went out, and another transport or nickname is in use by now: that one takes it along.
        if (isUnsent(error) && this.#visit !== null && this.#visit !== visit) {
          this.#publish(cid, text);
          return;
        }
        this.log.fail(cid, failureOf(error));
        this.#owner.changed();
      },
    );
  }

  #notePresence(room: Room, change: RoomPresenceChange): void {
    const before = this.#names;
    this.#names = namesOf(room);
    this.#owner.changed();
    // After a time without a list, who came and went in it is nobody's news.
    if (before === null || this.#names === null) return;
    const now = Date.now();
    const { passages, renames } = newsOf(change, before, room.memberId);
    for (const [passage, names] of passages) this.log.addPassage(passage, names, now);
    for (const { from, to } of renames) this.log.addRename(from, to, now);
  }
}

function namesOf({ members, memberCount }: Room): ReadonlyMap<string, string> | null {
  return members.length < memberCount ? null : new Map(members.map(({ id, name }) => [id, name]));
}

function isUnsent(error: unknown): boolean {
  return error instanceof RoomplexError && (error.code === 'closed' || error.code === 'cancelled');
}

function failureOf(error: unknown): { reason: string; isUnknown: boolean } {
  if (!(error instanceof RoomplexError)) return { reason: String(error), isUnknown: false };
  return { reason: error.reason, isUnknown: error.code === 'unknown-outcome' };
}
