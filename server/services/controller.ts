import type { SessionLibrary } from './session-library.ts';

/** Query parameters: one value is a string, several are an array (S3 §3). */
export type Params = Readonly<Record<string, string | readonly string[]>>;

/** A request as a controller sees it (S3 §8). */
export interface ServiceRequest {
  /** `GET` for whoever wants a session, whatever carries it. */
  readonly method: string;
  /** Without the query, decoded: `/service/chat`. */
  readonly path: string;
  /** Of the query and, where there is one, of the form in the body. */
  readonly params: Params;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  /** True when the answer may open a session, over whatever transport. */
  readonly webSocket: boolean;
  readonly remoteAddress: string;
  /** As UTF-8; absent when there was none. */
  readonly body?: string;
  /** Absent when nobody is logged in, or nobody asks: see {@link Authenticate}. */
  readonly user?: SessionUser;
}

/** Who is logged in (S3 §3). */
export interface SessionUser {
  /** `user:system:ann` */
  readonly key: string;
  readonly displayName: string;
  /** ISO 8601. */
  readonly modifiedTime?: string;
  readonly disabled: boolean;
  readonly email?: string;
  readonly login: string;
  readonly idProvider: string;
}

/** What {@link Authenticate} knows of a user; `disabled` is false unless it says otherwise. */
export interface KnownUser extends Omit<SessionUser, 'disabled' | 'modifiedTime'> {
  readonly disabled?: boolean;
  readonly modifiedTime?: string | Date;
}

/**
 * Finds out who sent a request: `undefined` or `null` for nobody. Of the user, only the fields of
 * {@link SessionUser} are passed on. A fault is answered with 500.
 */
export type Authenticate = (
  request: ServiceRequest,
) => KnownUser | null | undefined | Promise<KnownUser | null | undefined>;

/** What a controller answers. Without anything in it: 200 and an empty body. */
export interface ServiceResponse {
  /** @default 200 */
  readonly status?: number;
  /** A text or bytes as they are, anything else as JSON. */
  readonly body?: unknown;
  /** @default 'text/plain; charset=utf-8', or 'application/json' for a body that becomes JSON */
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string | number | null | undefined>>;
  /**
   * Opens the session that was asked for; status, body and headers are not used then. `false`, as
   * `isWelcome && {}` may give, is as good as nothing.
   */
  readonly webSocket?: SessionGrant | false | null;
}

/** The terms of a session (S3 §4). */
export interface SessionGrant {
  /** Comes with every event. Values become strings, objects JSON text; `null` and `undefined` are dropped. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Subprotocols to agree to; of those, the first that the client offered is taken. */
  readonly subProtocols?: string | readonly string[];
  /**
   * Says which pages may come, in place of the check for the same origin; only `true` lets one in. Without an
   * `Origin` header, as from programs that are no browsers, it is asked about `undefined`.
   */
  readonly checkOrigin?: (origin: string | undefined) => boolean;
  /** Groups to be in before `open` is told. An addition of ours. */
  readonly groups?: readonly string[];
}

/** A session as its events describe it. */
export interface SessionInfo {
  readonly id: string;
  /** Of the request that opened it. */
  readonly path: string;
  readonly params: Params;
  readonly user?: SessionUser;
  /** What was agreed on, if anything. An addition of ours. */
  readonly subProtocol?: string;
}

interface EventBase {
  readonly session: SessionInfo;
  /** As the controller gave it, all strings. */
  readonly data: Readonly<Record<string, string>>;
}

/** Comes first. The session can be sent to, and put into groups. */
export interface SessionOpenEvent extends EventBase {
  readonly type: 'open';
}

/** One text message. */
export interface SessionMessageEvent extends EventBase {
  readonly type: 'message';
  readonly message: string;
}

/** The handler failed, and `close` follows. */
export interface SessionErrorEvent extends EventBase {
  readonly type: 'error';
  /** Absent when there is nothing to say. */
  readonly error?: string;
}

/** Comes last, once. Until the handler is through with it, the session still counts in its groups. */
export interface SessionCloseEvent extends EventBase {
  readonly type: 'close';
  /** The close code: 1000, 1001, 1005 (none was given), 1006 (the line was cut), … */
  readonly closeReason: number;
}

/** What happens to a session, told apart by `type`. Keys that do not apply are absent. */
export type SessionEvent = SessionOpenEvent | SessionMessageEvent | SessionErrorEvent | SessionCloseEvent;

/** Answers a request, now or later. A fault is answered with 500. */
export type ServiceMethod = (
  request: ServiceRequest,
) => ServiceResponse | null | undefined | void | Promise<ServiceResponse | null | undefined | void>;

/** A session controller (S3): answers requests, and hears of its sessions. */
export interface SessionsDefinition {
  /** Also asked by whoever wants a session, and by `HEAD`. */
  get?: ServiceMethod;
  post?: ServiceMethod;
  put?: ServiceMethod;
  patch?: ServiceMethod;
  delete?: ServiceMethod;
  options?: ServiceMethod;
  /** For methods that have no function of their own. */
  all?: ServiceMethod;
  /**
   * Told of everything that happens to a session, one event after the other: the next one waits for the
   * promise, if there is one. When it fails, the session gets an `error` event and is closed with 1011.
   */
  webSocketEvent(event: SessionEvent, library: SessionLibrary): unknown;
  /** Instead of the server's. */
  authenticate?: Authenticate;
  /** `shared`: a group is the room of that name that topics and `/layout` lead to. @default 'own' */
  groups?: 'own' | 'shared';
  /** A session on which nothing passed for so long, not even heartbeats, is closed; 0 = never. @default 300000 */
  idleMs?: number;
}
