import type { RequestListener } from 'node:http';
import type { StateHooks } from './gateways/state-hooks.ts';
import type { Hooks } from './hub/hooks.ts';
import type { Limits } from './limits.ts';
import type { Logger } from './log.ts';
import type { Authenticate } from './services/controller.ts';
import type { Sessions } from './services/sessions.ts';
import type { TokenBrokerOptions } from './gateways/token-broker.ts';

/** What {@link createServer} takes; everything has a default. */
export interface ServerOptions {
  /** Origins that browsers may come from, besides the server's own; `*` allows all. @default [] */
  readonly origins?: readonly string[];
  /**
   * Proxies whose word counts for who sent a request and what of (`X-Forwarded-For`, `-Proto`, `-Host`, `Forwarded`):
   * addresses, networks such as `10.0.0.0/8`, `loopback`, `private` (with `loopback`), `all`; or a number alone, of
   * proxies in a row. Whatever else is in it, `createServer` throws. @default none
   */
  readonly trustProxy?: string | number | readonly string[];
  /**
   * `open`: on `/multiplex` every name is a room. `listed`: only {@link channels} and what was registered.
   * @default 'listed'
   */
  readonly rooms?: 'open' | 'listed';
  /** Names that are rooms on `/multiplex` although nothing is registered. @default [] */
  readonly channels?: readonly string[];
  /** @default DEFAULT_LIMITS */
  readonly limits?: Partial<Limits>;
  /**
   * Answers on behalf of these protocols alone, by name, such as `wss`: no Socket.IO, no pages, no API, so that
   * an HTTP server with paths of its own keeps them. @default everything
   */
  readonly only?: readonly string[];
  /** Only members of a room may `NOTIFY` it through `/layout` and `/bus` (S1 §7). @default false */
  readonly membersOnly?: boolean;
  /** Session controllers by name: `chat` answers at `/service/chat`. @default none */
  readonly services?: ReadonlyMap<string, Sessions> | Readonly<Record<string, Sessions>>;
  /** Who is logged in, for session controllers that do not ask by themselves. @default nobody */
  readonly authenticate?: Authenticate;
  /** The web app: the folder it was built into, a handler that serves it, or none. @default false */
  readonly web?: { readonly root: string } | RequestListener | false;
  /** The token broker at `/ws` and its HTTP API; absent: there is none. */
  readonly tokenBroker?: TokenBrokerOptions;
  /** When set, the dashboard's data and `/api` ask for it. */
  readonly adminToken?: string;
  /** User code that may refuse, or change, what clients ask for. */
  readonly hooks?: Hooks & StateHooks;
  /** How long a hook that answers with a promise may take, in ms; then it counts as a refusal. 0 lifts it. @default 10000 */
  readonly hookTimeoutMs?: number;
  /**
   * Folder of the store that rooms are kept in, made when it is not there; one server at a time has it. Absent: rooms
   * are kept in memory. @default none
   */
  readonly data?: string;
  /**
   * How long a room outlives its last member, with history, state and epoch, in ms. 0: not at all, `Infinity`: for
   * ever. @default 60000, and with a store 30 days
   */
  readonly roomGraceMs?: number;
  /**
   * How long a member that can come back under its id, as our client can, may take for it after its connection was
   * lost, in ms, before others are told that it left. @default 10000
   */
  readonly memberGraceMs?: number;
  /** How `/wss` behaves. */
  readonly stateRooms?: StateRoomsOptions;
  /**
   * Whether messages go to the members of a room by the native addon, where it was built; nothing but their cost
   * depends on it. @default true
   */
  readonly native?: boolean;
  /** @default silentLogger */
  readonly log?: Logger;
  /** Time between two heartbeats of a connection, in ms; a peer that answers none is dropped at the next. @default 25000 */
  readonly heartbeatMs?: number;
}

/** How the gateway of state rooms behaves. */
export interface StateRoomsOptions {
  /** How long a connection may take to say hello, in ms; 0 lifts it. @default 5000 */
  readonly helloTimeoutMs?: number;
  /** How long a client that was put out may take to agree before its connection is closed, in ms. @default 1000 */
  readonly closeTimeoutMs?: number;
  /** A refused hello is answered with `HELLO_FAIL_RESP` before the connection closes. @default true */
  readonly answerRefusedHello?: boolean;
  /**
   * A bad action is answered with `success: false` and any other bad message of a client that is in is dropped,
   * instead of costing it the connection. @default false
   */
  readonly lenient?: boolean;
}
