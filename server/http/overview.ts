import { createHash, timingSafeEqual } from 'node:crypto';
import type {
  ConnectionCount,
  IgnoredCount,
  Overview,
  RoomDetail,
  RoomSummary,
} from '../../protocol/overview.ts';
import type { Hub } from '../hub/hub.ts';
import type { Room } from '../hub/room.ts';
import type { Counters } from '../telemetry/counters.ts';

/** Snapshots of the server for whoever runs it: the dashboard's channel and `/api` show the same. */
export class ServerOverview {
  readonly #hub: Hub;
  readonly #counters: Counters;
  readonly #version: string;
  readonly #adminToken: Buffer | undefined;
  readonly #startedAt = Date.now();

  constructor(hub: Hub, counters: Counters, version: string, adminToken: string | undefined) {
    this.#hub = hub;
    this.#counters = counters;
    this.#version = version;
    this.#adminToken = adminToken === undefined ? undefined : digest(adminToken);
  }

  /** An admin token is set. */
  get hasToken(): boolean {
    return this.#adminToken !== undefined;
  }

  /** True when the token opens the overview, or none is needed. */
  admits(token: string | undefined): boolean {
    if (this.#adminToken === undefined) return true;
    return token !== undefined && timingSafeEqual(digest(token), this.#adminToken);
  }

  overview(): Overview {
    const byTransport = new Map<string, number>();
    const byGateway = new Map<string, number>();
    const pairs: ConnectionCount[] = [];
    let connections = 0;
    for (const [key, count] of this.#counters.connections) {
      const [gateway = '', transport = ''] = key.split(' ');
      pairs.push({ gateway, transport, connections: count });
      byTransport.set(transport, (byTransport.get(transport) ?? 0) + count);
      byGateway.set(gateway, (byGateway.get(gateway) ?? 0) + count);
      connections += count;
    }
    return {
      type: 'overview',
      at: Date.now(),
      startedAt: this.#startedAt,
      version: this.#version,
      connections,
      byTransport: Object.fromEntries(byTransport),
      byGateway: Object.fromEntries(byGateway),
      byGatewayAndTransport: pairs,
      received: this.#counters.received,
      published: this.#counters.published,
      delivered: this.#counters.delivered,
      ignored: this.#counters.ignoredTotal,
      ignoredBy: ignoredCounts(this.#counters),
      roomCount: this.#hub.roomCount,
      rooms: this.#largestRooms(),
      memoryBytes: process.memoryUsage.rss(),
    };
  }

  /** `undefined` when there is no such room. */
  roomDetail(space: string, name: string): RoomDetail | undefined {
    const room = this.#hub.room(space, name);
    if (room === undefined) return undefined;
    const members: RoomDetail['members'][number][] = [];
    for (const { id, name: nickname, gateway, transport, since } of room.members()) {
      if (members.length === LISTED) break;
      members.push({ id, name: nickname ?? '', gateway, transport, since });
    }
    return { type: 'room', space, name, members, truncated: room.visibleSize > LISTED };
  }

  #largestRooms(): RoomSummary[] {
    const rooms = [...this.#hub.rooms()]
      .filter(({ visibleSize }) => visibleSize > 0)
      .sort((a, b) => b.visibleSize - a.visibleSize);
    return rooms.slice(0, LISTED).map(summary);
  }
}

/** Rooms, and members of a room, that are listed at most. */
export const LISTED = 500;

function summary({ address, visibleSize, published, since }: Room): RoomSummary {
  return { space: address.space, name: address.name, members: visibleSize, published, since };
}

function ignoredCounts({ ignored }: Counters): IgnoredCount[] {
  return [...ignored].map(([key, count]) => {
    const [place = '', reason = ''] = key.split(' ');
    return { place, reason, count };
  });
}

/** Equal lengths for the constant-time comparison. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
