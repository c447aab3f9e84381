import { describe, expect, it } from 'vitest';
import { RingBuffer } from './ring-buffer.ts';

describe('RingBuffer', () => {
  it('keeps the newest items in order once it is full', () => {
    const buffer = new RingBuffer<number>(3);
    for (const n of [1, 2, 3, 4, 5]) buffer.push(n);
    expect([...buffer]).toEqual([3, 4, 5]);
    expect(buffer.length).toBe(3);
  });

  it('finds items from either end', () => {
    const buffer = new RingBuffer<string>(2);
    for (const letter of ['a', 'b', 'c']) buffer.push(letter);
    expect([buffer.at(0), buffer.at(1), buffer.at(-1), buffer.at(-2)]).toEqual(['b', 'c', 'c', 'b']);
    expect([buffer.at(2), buffer.at(-3)]).toEqual([undefined, undefined]);
  });

  it('starts over when cleared', () => {
    const buffer = new RingBuffer<number>(2);
    for (const n of [1, 2, 3]) buffer.push(n);
    buffer.clear();
    buffer.push(9);
    expect([...buffer]).toEqual([9]);
    expect(buffer.at(0)).toBe(9);
  });
});
