import { setTimeout as delay } from 'node:timers/promises';
import type { CellRequest } from '../cell.ts';
import { Member } from './member.ts';
import { Room } from './room.ts';
import type { Traffic } from './traffic.ts';

/** How many members go where. */
export interface Seating {
  readonly rooms: number;
  readonly membersPerRoom: number;
  readonly publishersPerRoom: number;
  /** Number of the first room, so that two crowds on one server do not meet. */
  readonly firstRoom?: number;
}

/** Connections that may be on their way in at once. */
const CONNECTING = 100;

/** Lets the server read the last joins before it is asked who is there; costs it nothing. */
const SETTLE_MS = 60;

/** Connects the members room by room in turn, joins them, and waits until each has heard a message. */
export async function seat(request: CellRequest, seating: Seating, traffic: Traffic): Promise<Room[]> {
  const first = seating.firstRoom ?? 0;
  const rooms = Array.from(
    { length: seating.rooms },
    (_, i) => new Room(`r${first + i}`, seating.publishersPerRoom, traffic),
  );
  await traffic.orFailure(connectAll(request, rooms, seating.membersPerRoom, traffic));
  await traffic.orFailure(delay(SETTLE_MS));
  await traffic.orFailure(Promise.all(rooms.map((room) => room.confirmMembers())));
  return rooms;
}

/** Cuts every connection. */
export function dismiss(rooms: readonly Room[]): void {
  for (const room of rooms) for (const member of room.members) member.cut();
}

function connectAll(request: CellRequest, rooms: Room[], perRoom: number, traffic: Traffic): Promise<void> {
  const total = rooms.length * perRoom;
  let started = 0;
  let joined = 0;
  return new Promise((resolve) => {
    const next = (): void => {
      const index = started++;
      const room = rooms[index % rooms.length];
      room?.members.push(new Member(request, index, room, traffic, onJoined));
    };
    const onJoined = (): void => {
      joined++;
      if (started < total) next();
      else if (joined === total) resolve();
    };
    while (started < Math.min(total, CONNECTING)) next();
  });
}
