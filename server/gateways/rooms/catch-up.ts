import { encodeVerb, type GapNotice } from '../../../protocol/rooms.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Hub } from '../../hub/hub.ts';
import type { Room } from '../../hub/room.ts';
import { isFor } from './formats.ts';
import type { RoomMember } from './room-member.ts';

/**
 * Hands a member what was said after an offset, page by page and no faster than its line takes it, until nothing is
 * left: from that moment on it hears the rest live. What is said meanwhile it finds in the history like everything
 * else, so nothing needs to be merged.
 */
export async function catchUp(hub: Hub, room: Room, member: RoomMember, from: number): Promise<void> {
  const { space, name } = room.address;
  const isIn = (): boolean => room.get(member.id) === member && member.connection.isOpen;
  let offset = from;
  // Between the last look at the position and the change to live there is no moment in which something could come.
  while (isIn()) {
    if (offset >= room.stored.position.offset) {
      member.caughtUp();
      return;
    }
    const page = await hub.history(space, name, { after: offset, limit: PAGE });
    if (!isIn()) return;
    const end = room.stored.position.offset;
    const trimmed = (page[0]?.offset ?? end + 1) - 1 - offset;
    if (trimmed > 0) member.deliver(gapNotice({ room: name, reason: 'trimmed', missing: trimmed }));
    let bytes = 0;
    for (const publication of page) {
      const message = isFor(member.id, publication) ? member.liveFormat.encode(publication) : undefined;
      if (message === undefined) continue;
      bytes += message.bytes;
      if (bytes > BURST_BYTES) {
        await taken(member);
        if (!isIn()) return;
        bytes = message.bytes;
      }
      member.deliver(message);
    }
    offset = page.at(-1)?.offset ?? end;
    await taken(member);
  }
}

/** Most messages that are held for a member. */
const PAGE = 300;
/** What a line is given at a time, or one message. */
const BURST_BYTES = 65_536;

function taken({ connection }: RoomMember): Promise<void> {
  return new Promise((resolve) => connection.whenTaken(resolve));
}

function gapNotice(notice: GapNotice): PreparedMessage {
  return new PreparedMessage(encodeVerb('GAP', notice));
}
