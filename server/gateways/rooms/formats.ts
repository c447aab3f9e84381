import {
  encodeVerb,
  type LeaveInfo,
  type MemberInfo,
  type PastMessage,
  type PositionNotice,
  type PresenceDiff,
  type RoomEvent,
  type StateChange,
} from '../../../protocol/rooms.ts';
import { PreparedMessage } from '../../connection/prepared-message.ts';
import type { Change } from '../../hub/change.ts';
import type { Departure, Format, Member, PresenceChange } from '../../hub/member.ts';
import { MESSAGE, type Publication } from '../../hub/publication.ts';

/** How someone without a nickname is called (S1 §7). */
export const UNKNOWN = 'unknown';

/** What a member asked for beside what S1 knows. */
export interface Additions {
  readonly positions: boolean;
  readonly presence: boolean;
  readonly state: boolean;
}

/** The formats of a member: `live` when it has caught up, `silent` until then: all but what is said. */
export interface RoomFormats {
  readonly live: Format<PreparedMessage>;
  readonly silent: Format<PreparedMessage>;
}

/** The same objects for the same additions, so that such members share one encoding. */
export function roomFormats({ positions, presence, state }: Additions): RoomFormats {
  const formats = FORMATS[Number(positions) + 2 * Number(presence) + 4 * Number(state)];
  if (formats === undefined) throw new RangeError('there are eight combinations');
  return formats;
}

/** A member as presence shows it. */
export function memberInfo(member: Member): MemberInfo {
  const name = member.name ?? UNKNOWN;
  return member.info === undefined ? { id: member.id, name } : { id: member.id, name, info: member.info };
}

/** Whether a publication was meant for a member. */
export function isFor(memberId: string, { to, except }: Publication): boolean {
  return to === undefined ? except !== memberId : to === memberId;
}

/** Whether `HISTORY` shows a publication to a member: also what it said itself. */
export function mayRead(memberId: string, publication: Publication): boolean {
  return publication.kind === MESSAGE && (publication.sender.id === memberId || isFor(memberId, publication));
}

/** A publication as `HISTORY` shows it. */
export function pastMessage({ sender, data, offset, at }: Publication): PastMessage {
  const name = sender.name ?? UNKNOWN;
  return sender.id === null
    ? { sender: name, message: data, offset, at }
    : { sender: name, message: data, id: sender.id, offset, at };
}

const FORMATS: readonly RoomFormats[] = Array.from({ length: 8 }, (_, bits) => {
  const additions = {
    ...((bits & 2) !== 0 && { encodePresence }),
    ...((bits & 4) !== 0 && { encodeChange }),
  };
  const encode = (bits & 1) !== 0 ? encodePositioned : encodePlain;
  const passing = (bits & 1) !== 0 && { encodePassed };
  return { live: { encode, ...passing, ...additions }, silent: { encode: () => undefined, ...additions } };
});

/** Byte for byte what S1 §4 knows: key order `sender`, `room`, `message`. */
function encodePlain(publication: Publication): PreparedMessage | undefined {
  if (publication.kind !== MESSAGE) return undefined;
  const { sender, room, data } = publication;
  return event({ sender: sender.name ?? UNKNOWN, room, message: data });
}

function encodePositioned(publication: Publication): PreparedMessage | undefined {
  if (publication.kind !== MESSAGE) return undefined;
  const { sender, room, data, epoch, offset, at } = publication;
  const name = sender.name ?? UNKNOWN;
  return sender.id === null
    ? event({ sender: name, room, message: data, epoch, offset, at })
    : event({ sender: name, room, message: data, id: sender.id, epoch, offset, at });
}

function encodePassed({ room, epoch, offset }: Publication): PreparedMessage {
  const notice: PositionNotice = { room, epoch, offset };
  return new PreparedMessage(encodeVerb('POSITION', notice));
}

function event(body: RoomEvent): PreparedMessage {
  return new PreparedMessage(encodeVerb('EVENT', body));
}

function encodePresence({ room, joins, leaves, count, roster }: PresenceChange): PreparedMessage {
  const diff: PresenceDiff = {
    room,
    joins: joins.map(memberInfo),
    leaves: leaves.map(leaveInfo),
    count,
    ...(roster !== undefined && { members: roster && roster.map(memberInfo) }),
  };
  return new PreparedMessage(encodeVerb('PRESENCE', diff));
}

function leaveInfo({ member, cause }: Departure): LeaveInfo {
  return { ...memberInfo(member), cause };
}

function encodeChange({ room, roomChanges, by, epoch, rev, at }: Change): PreparedMessage | undefined {
  if (roomChanges === undefined || roomChanges.length === 0) return undefined;
  const entries = roomChanges.map(({ key, value }) => (value === undefined ? { key } : { key, value }));
  const change: StateChange = { room, entries, by, epoch, rev, at };
  return new PreparedMessage(encodeVerb('STATE', change));
}
