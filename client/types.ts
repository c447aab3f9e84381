import type { LeaveInfo, MemberInfo, Position, Revision, StateEntry } from '../protocol/rooms.ts';
import type { RoomplexError } from './errors.ts';

export type { LeaveCause, LeaveInfo, MemberInfo, Position, Revision, StateEntry } from '../protocol/rooms.ts';

/** `waiting`: the connection was lost and the client counts down to its next try. */
export type ClientState = 'connecting' | 'open' | 'waiting' | 'closed';

/** Names of the ways to reach the server, as SockJS spells them. */
export type TransportName =
  | 'websocket'
  | 'xhr-streaming'
  | 'eventsource'
  | 'iframe-eventsource'
  | 'htmlfile'
  | 'iframe-htmlfile'
  | 'xhr-polling'
  | 'iframe-xhr-polling'
  | 'jsonp-polling';

/** How to connect; everything may be left out. */
export interface ConnectOptions {
  /** Transports that may be used, at least one, in any order. Default: all, as far as the platform has them. */
  readonly transports?: readonly TransportName[];
  /** Sent as the `token` query parameter. */
  readonly token?: string;
  /** Messages kept while there is no connection, all channels and rooms together; more are refused. Default 1000. */
  readonly queueLimit?: number;
  /**
   * How long the line may be silent, in ms, before the server is asked for a sign of life. When none comes within as
   * long again, or longer where the network is slow, the line counts as lost. Where idle connections are cut sooner, it
   * is asked sooner. 0: never, for servers that do not answer beats. Default 4000.
   */
  readonly heartbeatMs?: number;
  /**
   * How long until transports that are better than the one in use are tried again, in ms; it doubles with each
   * failure, up to 5 minutes. Default 15000.
   */
  readonly reprobeMs?: number;
  /**
   * In Node: the HTTP proxy to go through, such as `http://proxy.example:3128`, with name and password where it asks
   * for them; `null`: none. Default: what `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` say, and none to this machine.
   * Pages go through whatever proxy their browser is set to.
   */
  readonly proxy?: string | URL | null;
}

/** What the wait for the next try looks like; for a countdown. */
export interface RetryInfo {
  readonly attempt: number;
  /** When the next try starts, ms since 1970. */
  readonly at: number;
}

/**
 * What became of a transport: `in use`; `good`, it works; `untried`; `failed`, it did not open; `mute`, nothing passes;
 * `cut`, it opens and is cut soon after; `laggy`, what is streamed arrives late.
 */
export interface TransportFinding {
  readonly transport: TransportName;
  readonly verdict: 'in use' | 'good' | 'untried' | 'failed' | 'mute' | 'cut' | 'laggy';
  /** One plain phrase; empty where there is nothing to explain. */
  readonly reason: string;
  /** When that was found out, ms since 1970. */
  readonly at: number | null;
  /** When it is tried again, ms since 1970; `null`: there is no need, or it is being tried. */
  readonly retryAt: number | null;
}

/** What a client tells. */
export interface ClientEvents {
  state: (state: ClientState) => void;
  /** Told with every new connection, every loss of one, and every move to another transport without a loss. */
  transport: (transport: TransportName | null) => void;
  /**
   * Something went wrong that no promise tells: a try to connect failed (`unreachable`), the server said not
   * to come back (`refused`), a room could not be joined again.
   */
  error: (error: RoomplexError) => void;
  /** {@link Client.findings} changed. */
  findings: (findings: readonly TransportFinding[]) => void;
}

/** What a channel tells. */
export interface ChannelEvents {
  /** The subscription went out, at first and after every reconnect. */
  open: () => void;
  message: (text: string) => void;
  /** The connection was lost, and `open` will follow; or the channel has ended: the server or `close()` did it. */
  close: () => void;
}

/** One message as a room's listeners get it. */
export interface RoomMessage {
  readonly room: string;
  /** Nickname of whoever said it; `unknown` when it has none. */
  readonly sender: string;
  /** Member id of whoever said it, where the server knows one. */
  readonly senderId: string | null;
  readonly data: unknown;
  readonly epoch: string;
  readonly offset: number;
  /** ms since 1970, by the server's clock. */
  readonly at: number;
  /** True when it was said before this client (re)joined. */
  readonly replayed: boolean;
}

/** Who came and who went. Somebody whose name or info changed is among the joins again, with the same id. */
export interface RoomPresenceChange {
  readonly joins: readonly MemberInfo[];
  /** Where it is known, with the cause. */
  readonly leaves: readonly (MemberInfo & Partial<LeaveInfo>)[];
}

/**
 * Why messages are missing: `trimmed`, the server's history does not reach back far enough; `epoch-changed`, the
 * room's stream is another one, as after a restart of a server without a store; `rolled-back`, the server lost
 * publications; `skipped`, the numbers jumped on a living connection; `unknown`, the server does not number.
 */
export type GapReason = 'trimmed' | 'epoch-changed' | 'rolled-back' | 'skipped' | 'unknown';

/** A hole in what the listeners of a room got to see. */
export interface RoomGap {
  readonly reason: GapReason;
  /** How many are missing, where that can be known. */
  readonly missing: number | null;
}

/** What a room tells. `members` and `position` are up to date when it does. */
export interface RoomEvents {
  /** In the order of the room, each once, this client's own included. */
  message: (message: RoomMessage) => void;
  /** Somebody came or went; after a reconnect, one event with all that is different. Not told for the first join. */
  presence: (change: RoomPresenceChange) => void;
  /** Messages between the last one seen and the next one are missing, or may be. */
  gap: (gap: RoomGap) => void;
  /** The room's state changed. After a reconnect, one event with all that is different. Not told for the first join. */
  state: (change: RoomStateChange) => void;
  /** The room was joined, by the application or by the client itself after a reconnect. */
  joined: () => void;
}

/** One change of a room's state, made by anybody, this client included. */
export interface RoomStateChange extends Revision {
  readonly room: string;
  /** What became of which keys; without `value` the key is gone. */
  readonly entries: readonly StateEntry[];
  /** Member id; `null` when server code did it, or when it happened while this client was away. */
  readonly by: string | null;
}

/** What `set` and its like take beside key and value. */
export interface SetOptions {
  /** Only if this is still the key's revision; 0: only if there is no such key. */
  readonly ifRev?: number;
}

/** One step of a change of several keys; without `value` the key goes. */
export interface StateStep extends SetOptions {
  readonly key: string;
  readonly value?: unknown;
}

/**
 * What a room remembers, by key: the same for everyone in it. Reading is immediate and needs a joined room;
 * after a lost connection it is as it was last seen.
 */
export interface RoomStateMap {
  /** Revision of the whole; `null` before the join. */
  readonly revision: Revision | null;
  /** The value; `undefined` when there is no such key. */
  get(key: string): unknown;
  /** With the revision; `undefined` when there is no such key. */
  entry(key: string): StateEntry | undefined;
  /** In the order in which keys were first set. */
  entries(): readonly StateEntry[];
  /**
   * Sets one key to any JSON value. Resolves with its new revision when the server has it for good. Rejects with a
   * {@link ConflictError} when `ifRev` is not the key's revision, and as {@link Room.publish} does.
   */
  set(key: string, value: unknown, options?: SetOptions): Promise<Revision>;
  /** The same, for taking a key away. */
  delete(key: string, options?: SetOptions): Promise<Revision>;
  /** Several keys in one step: all of it or nothing. */
  change(steps: readonly StateStep[]): Promise<Revision>;
  /**
   * Sets a key to what `next` makes of its present value, again and again until nobody came between. `next` must do
   * nothing else, for it may be asked several times. Answering `undefined` takes the key away.
   */
  update(key: string, next: (value: unknown) => unknown): Promise<Revision>;
}

/** Which part of a room's past. */
export interface HistoryOptions {
  /** At most so many messages. Default 100. */
  readonly limit?: number;
  /** The latest of those with lower offsets. Default: of all. */
  readonly before?: number;
  /** The earliest of those with greater offsets. Not together with `before`. */
  readonly after?: number;
}

/** How a client shows itself in a room, and what it wants of it. */
export interface RoomOptions {
  /** Nickname in this room. Default `guest`. */
  readonly name?: string;
  /** Shown to the other members. */
  readonly info?: unknown;
  /** So many of the latest messages come as `message` events, `replayed`, on the first join. Default 0. */
  readonly history?: number;
}

/** One private conversation with the server, or one plain topic, under a name. */
export interface Channel {
  readonly name: string;
  readonly isOpen: boolean;
  /** Adds a listener; the function returned takes it away. */
  on<E extends keyof ChannelEvents>(event: E, listener: ChannelEvents[E]): () => void;
  /** Queued until the channel is open; throws when the queue is full or the channel closed. */
  send(text: string): void;
  /** Ends the channel for good and drops what still waits. Closing twice is harmless. */
  close(): void;
}

/** One room: who is in it and what they say. */
export interface Room {
  readonly name: string;
  /** True between a join the server accepted and a leave or a lost connection. */
  readonly isJoined: boolean;
  /** This client's own member id, the same after a reconnect; `null` before the first join. */
  readonly memberId: string | null;
  /**
   * In join order; while the connection is lost, as they were last seen. Empty before the join, and in a room that
   * is too large for a list.
   */
  readonly members: readonly MemberInfo[];
  /** How many are in the room, also where they are too many to list. 0 before the join. */
  readonly memberCount: number;
  /** How far the room was followed. */
  readonly position: Position | null;
  /**
   * Resolves when the server has this client in; waits for a connection where there is none. Rejects when the
   * server refuses or does not answer, or when the room is left or the client closed meanwhile.
   */
  join(): Promise<void>;
  /**
   * Says any JSON value. Waits for the (re)join where there is no connection, and is sent again where the answer was
   * lost: the server publishes it once. Resolves when the server has accepted it for good; rejects when it refused,
   * when nothing was sent, or with `unknown-outcome` when nobody can tell any more.
   */
  publish(data: unknown): Promise<Position>;
  /**
   * What was said before, in the order of the room. Fewer than asked for: there is no more. Waits for the (re)join
   * where there is no connection.
   */
  history(options?: HistoryOptions): Promise<readonly RoomMessage[]>;
  readonly state: RoomStateMap;
  /** Resolves when the server has taken note; at once where there is no connection. */
  leave(): Promise<void>;
  /** Adds a listener; the function returned takes it away. */
  on<E extends keyof RoomEvents>(event: E, listener: RoomEvents[E]): () => void;
}

/** One connection to a server, with all channels and rooms on it. It comes back by itself until it is closed. */
export interface Client {
  readonly state: ClientState;
  readonly transport: TransportName | null;
  /** Set while {@link Client.state} is `waiting`. */
  readonly retry: RetryInfo | null;
  /** What is known about each transport on the way to this server, best first: why this one is in use. */
  readonly findings: readonly TransportFinding[];
  /** Adds a listener; the function returned takes it away. */
  on<E extends keyof ClientEvents>(event: E, listener: ClientEvents[E]): () => void;
  /** Resolves once the state is `open`; rejects when the client is closed. */
  ready(): Promise<void>;
  /** A handle on a topic; handles of one name share one subscription. Throws when the client is closed. */
  channel(name: string): Channel;
  /**
   * A handle on a room, not joined yet; handles of one name share one membership, with the options of whoever
   * joined first.
   */
  room(name: string, options?: RoomOptions): Room;
  /** Skips the wait and tries now. */
  reconnect(): void;
  /** Ends everything for good: rejects what waits, leaves all rooms, resolves when the connection is gone. */
  close(): Promise<void>;
}
