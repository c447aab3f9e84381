import type { Revision, StateEntry } from '../../protocol/rooms.ts';
import type { RoomStateChange } from '../types.ts';
import { asFields, asList, type Fields } from './fields.ts';

/** The body of an `ACK` to `SET`. */
export function readRevision(body: unknown): Revision | undefined {
  const { epoch, rev } = asFields(body);
  return typeof epoch === 'string' && typeof rev === 'number' ? { epoch, rev } : undefined;
}

/** The body of a `STATE`; its entries are all of its revision. */
export function readStateChange(body: unknown): RoomStateChange | undefined {
  const fields = asFields(body);
  const { room, by } = fields;
  const revision = readRevision(body);
  if (typeof room !== 'string' || revision === undefined) return undefined;
  const { rev } = revision;
  return {
    room,
    entries: asList(fields['entries'], (entry) => readStateEntry({ ...entry, rev })) ?? [],
    by: typeof by === 'string' ? by : null,
    ...revision,
  };
}

/** One key, with its value unless it is gone. */
export function readStateEntry(fields: Fields): StateEntry | undefined {
  const { key, value, rev } = fields;
  if (typeof key !== 'string' || typeof rev !== 'number') return undefined;
  return value === undefined ? { key, rev } : { key, value, rev };
}
