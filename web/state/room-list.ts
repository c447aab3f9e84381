import type { RoomSummary } from '../../protocol/overview.ts';

export type RoomColumn = 'name' | 'space' | 'members' | 'published' | 'since';

export interface RoomOrder {
  readonly column: RoomColumn;
  readonly descending: boolean;
}

/** The rooms whose name or space contains every word of the search, in this order; ties go by name. */
export function listRooms(rooms: readonly RoomSummary[], search: string, order: RoomOrder): RoomSummary[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = rooms.filter((room) => {
    const text = `${room.space}/${room.name}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const direction = order.descending ? -1 : 1;
  return found.sort((a, b) => {
    const one = a[order.column];
    const other = b[order.column];
    const difference =
      typeof one === 'number' && typeof other === 'number'
        ? one - other
        : NATURAL.compare(String(one), String(other));
    return direction * difference || NATURAL.compare(a.name, b.name) || NATURAL.compare(a.space, b.space);
  });
}

/** Clicking a column sorts by it, clicking it again turns it round. Numbers start with the largest. */
export function nextOrder(current: RoomOrder, column: RoomColumn): RoomOrder {
  if (current.column === column) return { column, descending: !current.descending };
  return { column, descending: column === 'members' || column === 'published' };
}

const NATURAL = new Intl.Collator('en', { numeric: true });
