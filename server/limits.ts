/** Most that one party may ask of the server. 0 lifts a limit. */
export interface Limits {
  /** Bytes of one message, on every transport. @default 131072 */
  message: number;
  /** Bytes of one HTTP request body; a SockJS or Socket.IO client may put several messages into one. @default 4194304 */
  body: number;
  /** Bytes of a `POST /bus-message` body (S1 §4). @default 102400 */
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
  /** Rooms that may exist at a time. @default 100000 */
  rooms: number;
  /** Entries in the token broker's list of registered tokens. @default 100000 */
  tokens: number;
  /** Connections in all. @default 100000 */
  connections: number;
  /** Open SockJS and Socket.IO sessions over HTTP from one address. @default 1000 */
  sessions: number;
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
  connections: 100_000,
  sessions: 1000,
};
