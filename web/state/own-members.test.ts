import { describe, expect, it } from 'vitest';
import { OwnMembers } from './own-members.ts';

describe('OwnMembers', () => {
  it('knows the last 100 ids', () => {
    const own = new OwnMembers();
    for (let n = 0; n < 101; n++) own.add(`id-${n}`);
    own.add('id-100');
    expect([own.has('id-0'), own.has('id-1'), own.has('id-100')]).toEqual([false, true, true]);
  });

  it('remembers them on the next page', () => {
    new OwnMembers().add('before');
    expect(new OwnMembers().has('before')).toBe(true);
  });
});
