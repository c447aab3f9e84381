import type { MemberInfo, Position } from '../protocol/rooms.ts';
import type { RoomplexError } from './errors.ts';

export type { MemberInfo, Position } from '../protocol/rooms.ts';

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
  /**
   * Transports that may be used, at least one. WebSocket, where listed, is tried first; the others follow in
   * the order of `sockjs-client`, as far as the platform has them. Default: all.
   */
  readonly transports?: readonly TransportName[];
  /** Sent as the `token` query parameter. */
  readonly token?: string;
  /** Messages kept while there is no connection, all channels and rooms together; more are refused. Default 1000. */
  readonly queueLimit?: number;
  /**
   * How often the server gives a sign of life, in ms, as its own option of that name says. A line that was
   * silent for 2.5 times as long counts as lost. 0: never. Default 25000.
   */
  readonly heartbeatMs?: number;
}

/** What the wait for the next try looks like; for a countdown. */
export interface RetryInfo {
  readonly attempt: number;
  /** When the next try starts, ms since 1970. */
  readonly at: number;
}

/** What a client tells. */
export interface ClientEvents {
  state: (state: ClientState) => void;
  /** Told with every new connection and every loss of one. */
  transport: (transport: TransportName | null) => void;
  /**
   * Something went wrong that no promise tells: a try to connect failed (`unreachable`), the server said not
   * to come back (`refused`), a room could not be joined again.
   */
  error: (error: RoomplexError) => void;
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
  readonly leaves: readonly MemberInfo[];
}

/**
 * Why messages are missing: `disconnected`, they were said while this client was away; `skipped`, the numbers
 * jumped on a living connection; `epoch-changed`, the room's stream is another one, as after a restart of a
 * server without a store; `rolled-back`, the server lost publications; `unknown`, the server does not number.
 */
export type GapReason = 'disconnected' | 'skipped' | 'epoch-changed' | 'rolled-back' | 'unknown';

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
  /** The room was joined, by the application or by the client itself after a reconnect. */
  joined: () => void;
}

/** How a client shows itself in a room. */
export interface RoomOptions {
  /** Nickname in this room. Default `guest`. */
  readonly name?: string;
  /** Shown to the other members. */
  readonly info?: unknown;
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
  /** This client's own member id while it is joined; another one after each reconnect. */
  readonly memberId: string | null;
  /** In join order; while the connection is lost, as they were last seen. Empty before the join. */
  readonly members: readonly MemberInfo[];
  /** How far the room was followed. */
  readonly position: Position | null;
  /**
   * Resolves when the server has this client in; waits for a connection where there is none. Rejects when the
   * server refuses or does not answer, or when the room is left or the client closed meanwhile.
   */
  join(): Promise<void>;
  /**
   * Says any JSON value. Waits for the (re)join where there is no connection. Resolves when the server has
   * accepted it; rejects when it refused, when nothing was sent, or with `unknown-outcome` when it was sent and
   * the answer was lost.
   */
  publish(data: unknown): Promise<Position>;
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
