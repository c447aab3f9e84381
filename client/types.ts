import type { MemberInfo, Position } from '../protocol/rooms.ts';

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

export interface ConnectOptions {
  /** Transports that may be used, best first. Default: WebSocket, then what `sockjs-client` finds. */
  readonly transports?: readonly TransportName[];
  /** Sent as the `token` query parameter. */
  readonly token?: string;
  /** Messages kept while there is no connection; more are refused. Default 1000. */
  readonly queueLimit?: number;
}

/** What the wait for the next try looks like; for a countdown. */
export interface RetryInfo {
  readonly attempt: number;
  /** When the next try starts, ms since 1970. */
  readonly at: number;
}

export interface ClientEvents {
  state: (state: ClientState) => void;
  transport: (transport: TransportName | null) => void;
  /** Something went wrong that the application may want to tell: a refused connection, a lost message. */
  error: (error: Error) => void;
}

export interface ChannelEvents {
  open: () => void;
  message: (text: string) => void;
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

export interface RoomPresenceChange {
  readonly joins: readonly MemberInfo[];
  readonly leaves: readonly MemberInfo[];
}

export interface RoomEvents {
  message: (message: RoomMessage) => void;
  presence: (change: RoomPresenceChange) => void;
  /** Messages between the last one seen and the next one may be missing, and why. */
  gap: (gap: { readonly reason: string; readonly missing: number | null }) => void;
  /** The room was joined, by the application or by the client itself after a reconnect. */
  joined: () => void;
}

export interface RoomOptions {
  /** Nickname in this room. Default `guest`. */
  readonly name?: string;
  /** Shown to the other members. */
  readonly info?: unknown;
}

export interface Channel {
  readonly name: string;
  readonly isOpen: boolean;
  on<E extends keyof ChannelEvents>(event: E, listener: ChannelEvents[E]): () => void;
  /** Queued until the channel is open; throws when the queue is full or the channel closed. */
  send(text: string): void;
  close(): void;
}

export interface Room {
  readonly name: string;
  /** True between a join the server accepted and a leave or a lost connection. */
  readonly isJoined: boolean;
  /** This client's own member id, once joined. */
  readonly memberId: string | null;
  readonly members: readonly MemberInfo[];
  readonly position: Position | null;
  join(): Promise<void>;
  /** Resolves when the server has accepted it; rejects when it refused or the answer was lost. */
  publish(data: unknown): Promise<Position>;
  leave(): Promise<void>;
  on<E extends keyof RoomEvents>(event: E, listener: RoomEvents[E]): () => void;
}

export interface Client {
  readonly state: ClientState;
  readonly transport: TransportName | null;
  /** Set while {@link Client.state} is `waiting`. */
  readonly retry: RetryInfo | null;
  on<E extends keyof ClientEvents>(event: E, listener: ClientEvents[E]): () => void;
  /** Resolves once the state is `open`; rejects when the client is closed. */
  ready(): Promise<void>;
  /** A handle on a topic; handles of one name share one subscription. */
  channel(name: string): Channel;
  /** A handle on a room; handles of one name share one membership, with the options of the first. */
  room(name: string, options?: RoomOptions): Room;
  /** Skips the wait and tries now. */
  reconnect(): void;
  close(): Promise<void>;
}
