import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GraceQueue } from './grace-queue.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function queueOf(graceMs: number): { queue: GraceQueue<string>; over: string[] } {
  const over: string[] = [];
  return { queue: new GraceQueue<string>(graceMs, (item) => over.push(item)), over };
}

describe('GraceQueue', () => {
  it('ends each when its time is over, and not before', () => {
    const { queue, over } = queueOf(100);
    queue.add('a');
    vi.advanceTimersByTime(60);
    queue.add('b');
    vi.advanceTimersByTime(39);
    expect(over).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(over).toEqual(['a']);
    vi.advanceTimersByTime(59);
    expect([over, queue.has('a'), queue.has('b'), queue.size]).toEqual([['a'], false, true, 1]);
    vi.advanceTimersByTime(1);
    expect(over).toEqual(['a', 'b']);
    expect([queue.size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  it('spares what was taken out', () => {
    const { queue, over } = queueOf(100);
    queue.add('a');
    queue.add('b');
    expect([queue.remove('a'), queue.remove('a'), queue.remove('c')]).toEqual([true, false, false]);
    vi.advanceTimersByTime(1000);
    expect(over).toEqual(['b']);
  });

  it('begins anew with what is put in again', () => {
    const { queue, over } = queueOf(100);
    queue.add('a');
    vi.advanceTimersByTime(90);
    queue.add('a');
    vi.advanceTimersByTime(90);
    expect(over).toEqual([]);
    vi.advanceTimersByTime(10);
    expect(over).toEqual(['a']);
  });

  it('does with one timer, however many wait', () => {
    const { queue, over } = queueOf(100);
    for (let n = 0; n < 1000; n++) {
      queue.add(`${n}`);
      vi.advanceTimersByTime(0.01);
    }
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(over).toHaveLength(1000);
  });

  it('gives out the one that has waited longest', () => {
    const { queue, over } = queueOf(100);
    queue.add('a');
    queue.add('b');
    queue.add('a');
    expect([queue.shift(), queue.shift(), queue.shift()]).toEqual(['b', 'a', undefined]);
    vi.advanceTimersByTime(1000);
    expect(over).toEqual([]);
  });

  it('takes what is over meanwhile and put in again for something new', () => {
    let rounds = 0;
    const queue = new GraceQueue<string>(100, (item) => {
      if (++rounds < 3) queue.add(item);
    });
    queue.add('a');
    vi.advanceTimersByTime(100);
    expect(rounds).toBe(1);
    vi.advanceTimersByTime(200);
    expect([rounds, queue.size]).toEqual([3, 0]);
  });

  it('ends nothing where the time is endless, and at once where there is none', () => {
    const endless = queueOf(Infinity);
    endless.queue.add('a');
    vi.advanceTimersByTime(1e12);
    expect([endless.over, endless.queue.size, vi.getTimerCount()]).toEqual([[], 1, 0]);
    const none = queueOf(0);
    none.queue.add('a');
    expect([none.over, none.queue.size]).toEqual([['a'], 0]);
  });

  it('can wait longer than a timer can count', () => {
    const { queue, over } = queueOf(30 * 86_400_000);
    queue.add('a');
    vi.advanceTimersByTime(30 * 86_400_000 - 1);
    expect(over).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(over).toEqual(['a']);
  });

  it('ends nothing after it was stopped', () => {
    const { queue, over } = queueOf(100);
    queue.add('a');
    queue.stop();
    vi.advanceTimersByTime(1000);
    expect([over, queue.size, vi.getTimerCount()]).toEqual([[], 0, 0]);
  });
});
