/** Most that one party may ask of the server. 0 lifts a limit. */
export interface Limits {
  /** Bytes of one message, on every transport. @default 131072 */
  message: number;
  /** Bytes of one HTTP request body; a SockJS or Socket.IO client may put several messages into one. @default 4194304 */
  body: number;
  /** Bytes of a `POST /bus-message` body. @default 102400 */
  busMessage: number;
  /** Bytes a connection may be owed before it counts as a slow consumer. @default 4194304 */
  outbox: number;
  /** Characters of a topic, decoded. @default 255 */
  topic: number;
  /** Topics one multiplexed connection may hold. @default 1000 */
  topics: number;
  /** Characters of a room's name. @default 255 */
  room: number;
  /** Rooms one connection may be in through one gateway. @default 1000 */
  joins: number;
  /** Characters of a nickname. @default 255 */
  name: number;
  /** Bytes of the `info` a member shows to others. @default 4096 */
  info: number;
  /** Rooms that may have members at a time. @default 100000 */
  rooms: number;
  /** Entries in the token broker's list of registered tokens. @default 100000 */
  tokens: number;
  /** Bytes of one message to `/wss`. @default 1048576 */
  stateMessage: number;
  /** Keys in a room's state, and in a member's own. @default 10000 */
  stateKeys: number;
  /** Bytes of keys and values in a room's state. @default 1048576 */
  stateBytes: number;
  /** Bytes of keys and values in a member's own state. @default 131072 */
  memberState: number;
  /** Messages that a room's history keeps. @default 10000 */
  history: number;
  /** Bytes of messages that a room's history keeps. @default 16777216 */
  historyBytes: number;
  /** Seconds that a room's history keeps a message. @default 604800 */
  historySeconds: number;
  /** Messages in one page of history. @default 1000 */
  page: number;
  /** Bytes of history and state in all rooms together, without a store; beyond it the longest empty room goes, then what is oldest. @default 268435456 */
  memoryBytes: number;
  /** Bytes of the store on disk; beyond it nothing is accepted. @default 10737418240 */
  storeBytes: number;
  /** Members of a room up to which presence lists everyone. @default 1000 */
  roster: number;
  /** Bytes of one connection's requests that may wait for their turn, or for hooks, at a time. @default 4194304 */
  pending: number;
  /** Connections in all. @default 100000 */
  connections: number;
  /** Open SockJS and Socket.IO sessions over HTTP from one address. @default 1000 */
  sessions: number;
  /** Packets in one polling body of a Socket.IO client. @default 10000 */
  packets: number;
  /** Heartbeats, joins and leaves that a Socket.IO client may say at once. @default 1000 */
  controls: number;
  /** Bytes of one message to a service, and of one HTTP request body. @default 65536 */
  serviceMessage: number;
  /** Bytes of messages of one connection that may wait for a service's handler. @default 1048576 */
  serviceQueue: number;
}

/** What holds where nothing else is said. */
export const DEFAULT_LIMITS: Readonly<Limits> = {
  message: 131_072,
  body: 4_194_304,
  busMessage: 102_400,
  outbox: 4_194_304,
  topic: 255,
  topics: 1000,
  room: 255,
  joins: 1000,
  name: 255,
  info: 4096,
  rooms: 100_000,
  tokens: 100_000,
  stateMessage: 1_048_576,
  stateKeys: 10_000,
  stateBytes: 1_048_576,
  memberState: 131_072,
  history: 10_000,
  historyBytes: 16_777_216,
  historySeconds: 604_800,
  page: 1000,
  memoryBytes: 268_435_456,
  storeBytes: 10_737_418_240,
  roster: 1000,
  pending: 4_194_304,
  connections: 100_000,
  sessions: 1000,
  packets: 10_000,
  controls: 1000,
  serviceMessage: 65_536,
  serviceQueue: 1_048_576,
};
