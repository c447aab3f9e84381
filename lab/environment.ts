/** What a page can be carried by: WebSocket, a streamed response, `text/event-stream`, or one answer at a time. */
export type Way = 'websocket' | 'stream' | 'events' | 'poll';

/** What is in the way, as somebody who looked closely would name it. */
export type Finding =
  | 'nothing'
  | 'slow'
  | 'narrow'
  | 'lossy'
  | 'connect-refused'
  | 'upgrade-removed'
  | 'websocket-refused'
  | 'websocket-unanswered'
  | 'websocket-mute'
  | 'websocket-killed'
  | 'captive-portal'
  | 'redirected'
  | 'server-down'
  | 'access-denied'
  | 'not-roomplex'
  | 'no-answer'
  | 'connection-refused'
  | 'connection-cut'
  | 'name-not-found'
  | 'no-http'
  | 'tls-failed'
  | 'certificate-refused'
  | 'proxy-login'
  | 'proxy-unreachable'
  | 'not-a-proxy'
  | 'responses-buffered'
  | 'beginnings-held'
  | 'responses-in-lumps'
  | 'small-frames-held'
  | 'event-stream-refused'
  | 'idle-cut'
  | 'idle-silent'
  | 'lines-cut'
  | 'responses-cut'
  | 'answers-lost'
  | 'post-refused'
  | 'posts-held'
  | 'body-limit'
  | 'bodies-altered'
  | 'cached'
  | 'no-affinity'
  | 'address-changes'
  | 'query-removed'
  | 'errors-at-random'
  | 'rate-limited'
  | 'compressed';

/** What a switchable environment can be told to do, with lines that are open and with those to come. */
export type Change =
  /** Everything passes. Lines that were silenced stay silent. */
  | 'clean'
  /** Open WebSockets are reset, and new ones answered with 403. */
  | 'kill-websockets'
  /** On open lines nothing moves any more, and nobody is told; new lines work. */
  | 'silence-open'
  /** The same, and new lines are accepted and left alone. */
  | 'silence-all';

/** Where the servers are. */
export interface Origin {
  readonly originPort: number;
  /** A second node, for environments that have two. */
  readonly secondPort?: number;
}

/** What an environment is like, without starting it. */
export interface Description {
  readonly name: string;
  /** One line: what it does to those behind it. */
  readonly does: string;
  /** `reverse`: its own address is opened. `forward`: the server's address is opened through it. */
  readonly kind: 'reverse' | 'forward';
  /** The program it needs, which must be installed; `null`: Node alone. */
  readonly program: 'nginx' | 'haproxy' | 'squid' | 'tinyproxy' | null;
  readonly nodes: 1 | 2;
  /** A POST of ordinary size arrives and is answered. */
  readonly carriesPost: boolean;
  /** What it adds to each round trip, in ms, without jitter and stalls. */
  readonly roundTripMs: number;
  /** What can be made to work, the best first. */
  readonly works: readonly Way[];
  /** What there is to find, the weightiest first. */
  readonly findings: readonly [Finding, ...Finding[]];
  /** A line on which nothing moves for so long is cut, in ms; absent: it lives for a minute at least. */
  readonly idleMs?: number;
  /** What it can be told at run time. */
  readonly changes?: readonly Change[];
}

/** An environment that runs. */
export interface Environment extends Pick<
  Description,
  'name' | 'kind' | 'carriesPost' | 'roundTripMs' | 'works' | 'findings'
> {
  /** The server as seen through it, without a slash at the end. */
  readonly url: string;
  /** Forward proxies: the proxy's own address. */
  readonly proxy?: string;
  /** Ends it and all that it started; what passes through it is cut. */
  readonly stop: () => Promise<void>;
  /** Only where the description names changes. */
  readonly change?: (to: Change) => void;
}

/** What is started for an environment: the part of {@link Environment} that its description does not know. */
export type Started = Pick<Environment, 'url' | 'proxy' | 'stop' | 'change'>;

/** A description, and how to bring it to life. */
export interface Blueprint extends Description {
  start(origin: Origin): Promise<Started>;
}
