import { describe, expect, it } from 'vitest';
import { parseRoomNames } from './room-memory.ts';

describe('parseRoomNames', () => {
  it('reads back a list', () => {
    expect(parseRoomNames('["a","b c","__proto__"]')).toEqual(['a', 'b c', '__proto__']);
  });

  it('counts anything else as empty', () => {
    for (const stored of [null, '', 'a,b', '{"0":"a"}', '"a"', 'null'])
      expect(parseRoomNames(stored)).toEqual([]);
  });

  it('drops what is no room name, and repetitions', () => {
    const stored = JSON.stringify(['a', '', 7, null, 'a', 'x'.repeat(256), 'b']);
    expect(parseRoomNames(stored)).toEqual(['a', 'b']);
  });

  it('stops at 50', () => {
    const stored = JSON.stringify(Array.from({ length: 80 }, (_, i) => `room ${i}`));
    expect(parseRoomNames(stored)).toHaveLength(50);
  });
});
