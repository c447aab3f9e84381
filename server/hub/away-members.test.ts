import { describe, expect, it } from 'vitest';
import { AwayMembers } from './away-members.ts';
import type { Member } from './member.ts';

const ADDRESS = { space: 's', name: 'r' };

function member(id: string): Member {
  return {
    id,
    name: id,
    info: undefined,
    gateway: 'test',
    transport: 'test',
    since: 0,
    format: { encode: () => undefined },
    deliver: () => undefined,
    eject: () => undefined,
  };
}

describe('AwayMembers', () => {
  it('waits for so many, and gives up the one that is away the longest', () => {
    const gone: string[] = [];
    const away = new AwayMembers(Infinity, (_address, { id }, cause) => gone.push(`${id} ${cause}`));
    const [first, second] = [member('first'), member('second')];
    away.add(ADDRESS, first, 'closed');
    away.add(ADDRESS, second, 'timeout');
    for (let n = 2; n < 100_000; n++) away.add(ADDRESS, member(`m${n}`), 'closed');
    expect(gone).toEqual([]);
    away.add(ADDRESS, member('one more'), 'closed');
    expect(gone).toEqual(['first closed']);
    expect([away.remove(first), away.remove(second), away.remove(second)]).toEqual([false, true, false]);
    away.add(ADDRESS, member('another'), 'closed');
    expect(gone).toEqual(['first closed']);
  });
});
