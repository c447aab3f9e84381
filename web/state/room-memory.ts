import { StoredText } from './stored-text.ts';

/** Most rooms one page may be in at a time. */
export const ROOM_LIMIT = 50;
/** Longest room name the server takes, in UTF-16 units. */
export const ROOM_NAME_LENGTH = 255;

/** Reads a stored list of room names; what is no such list counts as empty. */
export function parseRoomNames(json: string | null): string[] {
  let value: unknown;
  try {
    value = JSON.parse(json ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(value)) return [];
  const names = value.filter(
    (name) => typeof name === 'string' && name !== '' && name.length <= ROOM_NAME_LENGTH,
  );
  return [...new Set(names as string[])].slice(0, ROOM_LIMIT);
}

const kept = new StoredText('local', 'chat.rooms');

/** The rooms the user was in when the app was last open. */
export function rememberedRooms(): string[] {
  return parseRoomNames(kept.get());
}

export function rememberRooms(names: Iterable<string>): void {
  kept.set(JSON.stringify([...names]));
}
