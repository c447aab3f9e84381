import { describe, expect, it } from 'vitest';
import { listRooms, nextOrder } from './room-list.ts';

const room = (name: string, members = 0, space = 'rooms') => ({
  space,
  name,
  members,
  published: 0,
  since: 0,
});
const names = (rooms: readonly { name: string }[]) => rooms.map(({ name }) => name);

describe('listRooms', () => {
  const rooms = [room('room 10', 5), room('room 2', 5), room('Kitchen', 9), room('attic', 1, 'lobby')];

  it('sorts by members and breaks ties by name, numbers read as numbers', () => {
    expect(names(listRooms(rooms, '', { column: 'members', descending: true }))).toEqual([
      'Kitchen',
      'room 2',
      'room 10',
      'attic',
    ]);
  });

  it('finds rooms by every word, in name and space, in any case', () => {
    const order = { column: 'name', descending: false } as const;
    expect(names(listRooms(rooms, 'kit', order))).toEqual(['Kitchen']);
    expect(names(listRooms(rooms, ' 10 ROOM ', order))).toEqual(['room 10']);
    expect(names(listRooms(rooms, 'lobby', order))).toEqual(['attic']);
    expect(names(listRooms(rooms, 'cellar', order))).toEqual([]);
  });

  it('leaves the list it was given as it is', () => {
    const before = names(rooms);
    listRooms(rooms, '', { column: 'name', descending: true });
    expect(names(rooms)).toEqual(before);
  });
});

describe('nextOrder', () => {
  it('turns round on the second click, and starts numbers with the largest', () => {
    const byName = nextOrder({ column: 'members', descending: true }, 'name');
    expect(byName).toEqual({ column: 'name', descending: false });
    expect(nextOrder(byName, 'name')).toEqual({ column: 'name', descending: true });
    expect(nextOrder(byName, 'published')).toEqual({ column: 'published', descending: true });
  });
});
