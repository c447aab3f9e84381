import { ChatRoom, type ChatRoomOwner } from './chat-room.ts';
import type { ConnectionStore } from './connection-store.ts';
import { OwnMembers } from './own-members.ts';
import { ROOM_LIMIT, rememberedRooms, rememberRooms } from './room-memory.ts';
import { Store } from './store.ts';
import { StoredText } from './stored-text.ts';

/** Longest nickname, in UTF-16 units. */
export const NICKNAME_LENGTH = 40;

/** For tabs to come. */
const nickname = new StoredText('local', 'chat.nickname');
/** Of this tab, so that a reload is nothing to the others, whatever other tabs have chosen meanwhile. */
const tabNickname = new StoredText('session', 'chat.nickname');

/** The rooms the user chats in, all over the one connection, and the nickname used there. */
export class ChatStore extends Store {
  readonly #connection: ConnectionStore;
  readonly #rooms = new Map<string, ChatRoom>();
  readonly #ownMembers = new OwnMembers();
  readonly #owner: ChatRoomOwner;
  #nickname: string;
  #active: string | null = null;
  #started = false;

  constructor(connection: ConnectionStore) {
    super();
    this.#connection = connection;
    this.#nickname = tabNickname.get() ?? nickname.get() ?? guestName();
    tabNickname.set(this.#nickname);
    const store = this;
    this.#owner = {
      get nickname() {
        return store.#nickname;
      },
      get isCutOff() {
        return connection.isCutOff;
      },
      get wasCutOff() {
        return connection.wasCutOff;
      },
      own: (memberId) => this.#ownMembers.add(memberId),
      isOwn: (memberId) => this.#ownMembers.has(memberId),
      isWatched: (room) => room.name === this.#active && document.visibilityState === 'visible',
      changed: () => this.changed(),
    };
    connection.subscribe(() => this.changed());
    addEventListener('beforeunload', (event) => {
      if (this.pendingCount > 0) event.preventDefault();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.activeRoom?.markRead();
    });
  }

  /** In the order they were joined. */
  get rooms(): readonly ChatRoom[] {
    return [...this.#rooms.values()];
  }

  /** The room the user looks at. */
  get activeRoom(): ChatRoom | null {
    return this.#active === null ? null : (this.#rooms.get(this.#active) ?? null);
  }

  get nickname(): string {
    return this.#nickname;
  }

  /** Messages by others, in all rooms, that the user has not seen. */
  get unread(): number {
    return this.rooms.reduce((sum, room) => sum + room.unread, 0);
  }

  /** Own messages, in all rooms, that the server has not answered. */
  get pendingCount(): number {
    return this.rooms.reduce((sum, { log }) => sum + log.pendingCount, 0);
  }

  get isFull(): boolean {
    return this.#rooms.size >= ROOM_LIMIT;
  }

  /** Comes back to the rooms of last time; does nothing the second time. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    for (const name of rememberedRooms()) this.#rooms.set(name, new ChatRoom(name, this.#owner));
    this.#connection.attach((client) => {
      for (const room of this.#rooms.values()) room.enter(client);
      return () => {
        for (const room of this.#rooms.values()) room.release();
      };
    });
  }

  /** Turns to a room, joining it first when the user is not in it; returns false when there are too many. */
  open(name: string): boolean {
    if (!this.#rooms.has(name)) {
      if (this.isFull) return false;
      const room = new ChatRoom(name, this.#owner);
      this.#rooms.set(name, room);
      rememberRooms(this.#rooms.keys());
      room.enter(this.#connection.client);
    }
    this.#active = name;
    this.activeRoom?.markRead();
    this.changed();
    return true;
  }

  /** Turns away from all rooms, without leaving them. */
  lookAway(): void {
    this.#active = null;
    this.changed();
  }

  leave(name: string): void {
    const room = this.#rooms.get(name);
    if (room === undefined) return;
    this.#rooms.delete(name);
    if (this.#active === name) this.#active = null;
    rememberRooms(this.#rooms.keys());
    void room.leave();
    this.changed();
  }

  rename(to: string): void {
    const name = to.trim().slice(0, NICKNAME_LENGTH);
    if (name === '' || name === this.#nickname) return;
    this.#nickname = name;
    nickname.set(name);
    tabNickname.set(name);
    for (const room of this.#rooms.values()) room.rename();
    this.changed();
  }
}

function guestName(): string {
  return `guest-${crypto.getRandomValues(new Uint16Array(1))[0]?.toString(36) ?? ''}`;
}
