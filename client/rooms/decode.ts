import type {
  Gap,
  GapNotice,
  HistoryAnswer,
  JoinAnswer,
  LeaveCause,
  MemberInfo,
  PastMessage,
  Position,
  PositionNotice,
  PresenceDiff,
  RoomEvent,
} from '../../protocol/rooms.ts';
import { ConflictError, RoomplexError } from '../errors.ts';
import type { RoomPresenceChange } from '../types.ts';
import { readStateEntry } from './decode-state.ts';
import { asFields, asList, type Fields } from './fields.ts';

/** The body of a `PRESENCE`. */
export interface PresenceNews extends RoomPresenceChange, Pick<PresenceDiff, 'room' | 'members'> {
  readonly count?: number;
}

/** The body of an `ACK` to `JOIN`; what is missing or malformed is left out. */
export function readJoinAnswer(body: unknown): JoinAnswer {
  const fields = asFields(body);
  const { id, recovered, gap, count, rev } = fields;
  const members = readMembers(fields['members']);
  const state = asList(fields['state'], readStateEntry);
  return {
    ...readPosition(body),
    ...(typeof id === 'string' && { id }),
    ...(typeof recovered === 'boolean' && { recovered }),
    ...(gap !== undefined && { gap: readGap(asFields(gap)) }),
    ...(typeof count === 'number' && { count }),
    ...(members !== undefined && { members }),
    ...(typeof rev === 'number' && { rev }),
    ...(state !== undefined && { state }),
  };
}

/** An epoch with an offset. */
export function readPosition(body: unknown): Position | undefined {
  const { epoch, offset } = asFields(body);
  return typeof epoch === 'string' && typeof offset === 'number' ? { epoch, offset } : undefined;
}

/** The body of an `EVENT`. */
export function readRoomEvent(body: unknown): RoomEvent | undefined {
  const fields = asFields(body);
  const { room, message, at } = fields;
  if (typeof room !== 'string') return undefined;
  return {
    room,
    ...readSender(fields),
    message,
    ...readPosition(body),
    ...(typeof at === 'number' && { at }),
  };
}

/** The body of an `ACK` to `HISTORY`. */
export function readHistoryAnswer(body: unknown): HistoryAnswer | undefined {
  const fields = asFields(body);
  const { epoch, first } = fields;
  const messages = asList(fields['messages'], readPastMessage);
  if (typeof epoch !== 'string' || typeof first !== 'number' || messages === undefined) return undefined;
  return { epoch, first, messages };
}

/** The body of a `GAP`. */
export function readGapNotice(body: unknown): GapNotice | undefined {
  const fields = asFields(body);
  const { room } = fields;
  return typeof room === 'string' ? { room, ...readGap(fields) } : undefined;
}

/** The body of a `POSITION`. */
export function readPositionNotice(body: unknown): PositionNotice | undefined {
  const { room } = asFields(body);
  const position = readPosition(body);
  return typeof room === 'string' && position !== undefined ? { room, ...position } : undefined;
}

/** The body of a `PRESENCE`; what is missing or malformed is left out. */
export function readPresence(body: unknown): PresenceNews | undefined {
  const fields = asFields(body);
  const { room, count } = fields;
  if (typeof room !== 'string') return undefined;
  const members = readMembers(fields['members']);
  return {
    room,
    joins: asList(fields['joins'], readMember) ?? [],
    leaves: asList(fields['leaves'], readLeave) ?? [],
    ...(typeof count === 'number' && { count }),
    ...(members !== undefined && { members }),
  };
}

/** The body of an `ERROR`, with the id it answers. */
export function readRefusal(body: unknown): { readonly id: unknown; readonly error: RoomplexError } {
  const fields = asFields(body);
  const { id, code } = fields;
  const reason = typeof fields['reason'] === 'string' ? fields['reason'] : 'the server refused';
  const error =
    code === 'conflict'
      ? new ConflictError(reason, asList(fields['conflicts'], readStateEntry) ?? [])
      : new RoomplexError(typeof code === 'string' ? code : 'bad-request', reason);
  return { id, error };
}

const GAP_REASONS: readonly unknown[] = ['trimmed', 'epoch-changed', 'rolled-back'];

function readGap({ reason, missing }: Fields): Gap {
  return {
    // A reason of a newer server says at least that something is missing.
    reason: GAP_REASONS.includes(reason) ? (reason as Gap['reason']) : 'trimmed',
    missing: typeof missing === 'number' ? missing : null,
  };
}

function readPastMessage(fields: Fields): PastMessage | undefined {
  const { message, offset, at } = fields;
  if (typeof offset !== 'number') return undefined;
  return { ...readSender(fields), message, offset, at: typeof at === 'number' ? at : 0 };
}

function readSender({ sender, id }: Fields): { readonly sender: string; readonly id?: string } {
  return {
    sender: typeof sender === 'string' ? sender : 'unknown',
    ...(typeof id === 'string' && { id }),
  };
}

/** `null` for a room that is too large for a list. */
function readMembers(value: unknown): readonly MemberInfo[] | null | undefined {
  return value === null ? null : asList(value, readMember);
}

function readMember({ id, name, info }: Fields): MemberInfo | undefined {
  if (typeof id !== 'string' || typeof name !== 'string') return undefined;
  return info === undefined ? { id, name } : { id, name, info };
}

function readLeave(fields: Fields): RoomPresenceChange['leaves'][number] | undefined {
  const member = readMember(fields);
  const { cause } = fields;
  if (member === undefined || typeof cause !== 'string') return member;
  return { ...member, cause: cause as LeaveCause };
}
