import type { JoinAnswer, MemberInfo, Position, PresenceDiff, RoomEvent } from '../../protocol/rooms.ts';
import { RoomplexError } from '../errors.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The body of an `ACK` to `JOIN`; what is missing or malformed is left out. */
export function readJoinAnswer(body: unknown): JoinAnswer {
  const fields = asFields(body);
  const members = asMembers(fields?.['members']);
  const id = fields?.['id'];
  return {
    ...readPosition(body),
    ...(typeof id === 'string' && { id }),
    ...(members !== undefined && { members }),
  };
}

/** An epoch with an offset. */
export function readPosition(body: unknown): Position | undefined {
  const { epoch, offset } = asFields(body) ?? {};
  return typeof epoch === 'string' && typeof offset === 'number' ? { epoch, offset } : undefined;
}

/** The body of an `EVENT`. */
export function readRoomEvent(body: unknown): RoomEvent | undefined {
  const fields = asFields(body);
  if (fields === undefined) return undefined;
  const { room, sender, message, id, at } = fields;
  if (typeof room !== 'string') return undefined;
  return {
    room,
    sender: typeof sender === 'string' ? sender : 'unknown',
    message,
    ...readPosition(body),
    ...(typeof id === 'string' && { id }),
    ...(typeof at === 'number' && { at }),
  };
}

/** The body of a `PRESENCE`. */
export function readPresenceDiff(body: unknown): PresenceDiff | undefined {
  const fields = asFields(body);
  const room = fields?.['room'];
  if (fields === undefined || typeof room !== 'string') return undefined;
  return { room, joins: asMembers(fields['joins']) ?? [], leaves: asMembers(fields['leaves']) ?? [] };
}

/** The body of an `ERROR`, with the id it answers. */
export function readRefusal(body: unknown): { readonly id: unknown; readonly error: RoomplexError } {
  const { id, code, reason } = asFields(body) ?? {};
  const error = new RoomplexError(
    typeof code === 'string' ? code : 'bad-request',
    typeof reason === 'string' ? reason : 'the server refused',
  );
  return { id, error };
}

function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

function asMembers(value: unknown): readonly MemberInfo[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const members: MemberInfo[] = [];
  for (const entry of value) {
    const { id, name, info } = asFields(entry) ?? {};
    if (typeof id !== 'string' || typeof name !== 'string') continue;
    members.push(info === undefined ? { id, name } : { id, name, info });
  }
  return members;
}
