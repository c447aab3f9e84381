/**
 * What the server tells its dashboard: sent as JSON text on the built-in channel {@link OVERVIEW_TOPIC}, and
 * answered by `GET /api/overview`.
 *
 * A subscriber gets an {@link Overview} at once and then whenever something changed, at most once a second.
 * It may send `{"watch":{"space":"rooms","name":"r1"}}` to get the members of that room as {@link RoomDetail} in the same rhythm,
 * `{"watch":null}` to stop, and, where the server has an admin token, must send `{"token":"…"}` first:
 * until then the only answer is `{"type":"unauthorized"}`.
 */
export const OVERVIEW_TOPIC = 'roomplex.overview';

/** One private channel that sends back what it gets: the latency meter's peer (CONTRACT §3a). */
export const LATENCY_TOPIC = 'latency';

export interface RoomSummary {
  /** Namespace: `rooms` (shared by multiplex topics and `/layout`), `bus`, `lobby`, `trigger`. */
  readonly space: string;
  readonly name: string;
  readonly members: number;
  /** Publications since the room came to life on this server. */
  readonly published: number;
  /** ms since 1970. */
  readonly since: number;
}

/** How many live connections there are of a protocol over a transport. */
export interface ConnectionCount {
  readonly gateway: string;
  readonly transport: string;
  readonly connections: number;
}

/** How often input was dropped or refused since start. */
export interface IgnoredCount {
  /** The gateway it was meant for, or what else turned it away: `sockjs`, `upgrade`, `http`, … */
  readonly place: string;
  /** In a word or two with hyphens between: `bad-request`. */
  readonly reason: string;
  readonly count: number;
}

export interface Overview {
  readonly type: 'overview';
  /** ms since 1970, by the server's clock. */
  readonly at: number;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly version: string;
  /** Live connections; multiplexed channels do not count, the sockets that carry them do. */
  readonly connections: number;
  readonly byTransport: Readonly<Record<string, number>>;
  readonly byGateway: Readonly<Record<string, number>>;
  /** Each pair that has a connection; {@link Overview.byTransport} and {@link Overview.byGateway} are its sums. */
  readonly byGatewayAndTransport: readonly ConnectionCount[];
  /** Totals since start. */
  readonly received: number;
  readonly published: number;
  readonly delivered: number;
  readonly ignored: number;
  /** What {@link Overview.ignored} consists of. */
  readonly ignoredBy: readonly IgnoredCount[];
  /** Number of rooms there are; {@link Overview.rooms} may list fewer. */
  readonly roomCount: number;
  /** The rooms with most members first, at most 500. */
  readonly rooms: readonly RoomSummary[];
  /** Resident memory in bytes. */
  readonly memoryBytes: number;
}

export interface RoomDetail {
  readonly type: 'room';
  readonly space: string;
  readonly name: string;
  readonly members: readonly {
    readonly id: string;
    readonly name: string;
    readonly gateway: string;
    readonly transport: string;
    /** ms since 1970. */
    readonly since: number;
  }[];
  /** True when the room has more members than the 500 listed. */
  readonly truncated: boolean;
}

export type OverviewMessage = Overview | RoomDetail | { readonly type: 'unauthorized' };
