import { encodeVerb, type MemberInfo, type PresenceDiff, type RoomEvent } from '../../../protocol/rooms.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Format, Member, PresenceChange } from '../../hub/member.ts';
import { MESSAGE, type Publication } from '../../hub/publication.ts';

/** How someone without a nickname is called (S1 §7). */
export const UNKNOWN = 'unknown';

/** The format of a member that asked for these additions; the same object for the same additions. */
export function roomFormat(positions: boolean, presence: boolean): Format<PreparedMessage> {
  if (positions) return presence ? POSITIONED_WITH_PRESENCE : POSITIONED;
  return presence ? PLAIN_WITH_PRESENCE : PLAIN;
}

/** A member as presence shows it. */
export function memberInfo(member: Member): MemberInfo {
  const name = member.name ?? UNKNOWN;
  return member.info === undefined ? { id: member.id, name } : { id: member.id, name, info: member.info };
}

/** Byte for byte what S1 §4 knows: key order `sender`, `room`, `message`. */
const PLAIN: Format<PreparedMessage> = {
  encode: (publication) => {
    if (publication.kind !== MESSAGE) return undefined;
    return event({
      sender: publication.sender.name ?? UNKNOWN,
      room: publication.room,
      message: publication.data,
    });
  },
};

const POSITIONED: Format<PreparedMessage> = {
  encode: (publication: Publication) => {
    if (publication.kind !== MESSAGE) return undefined;
    const { sender, room, data, epoch, offset, at } = publication;
    const name = sender.name ?? UNKNOWN;
    return sender.id === null
      ? event({ sender: name, room, message: data, epoch, offset, at })
      : event({ sender: name, room, message: data, id: sender.id, epoch, offset, at });
  },
};

const PLAIN_WITH_PRESENCE: Format<PreparedMessage> = { ...PLAIN, encodePresence };
const POSITIONED_WITH_PRESENCE: Format<PreparedMessage> = { ...POSITIONED, encodePresence };

function event(body: RoomEvent): PreparedMessage {
  return new PreparedMessage(encodeVerb('EVENT', body));
}

function encodePresence(change: PresenceChange): PreparedMessage {
  const diff: PresenceDiff = {
    room: change.room,
    joins: change.joins.map(memberInfo),
    leaves: change.leaves.map(memberInfo),
  };
  return new PreparedMessage(encodeVerb('PRESENCE', diff));
}
