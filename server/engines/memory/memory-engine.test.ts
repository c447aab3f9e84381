import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../limits.ts';
import { describeEngine } from '../engine.contract.ts';
import { MemoryEngine } from './memory-engine.ts';

describeEngine('MemoryEngine', async (limits) => new MemoryEngine({ limits, roomGraceMs: 60_000 }));

function draft(data: string): Parameters<MemoryEngine['publish']>[1] {
  return { kind: 'message', data, sender: { id: null, name: undefined } };
}

function room(name: string): { readonly space: string; readonly name: string } {
  return { space: 'rooms', name };
}

describe('MemoryEngine', () => {
  it('forgets a room at once when no grace is given', () => {
    const engine = new MemoryEngine({ limits: DEFAULT_LIMITS, roomGraceMs: 0 });
    const { epoch } = engine.subscribe(room('a')).position;
    engine.publish(room('a'), draft('x'));
    engine.unsubscribe(room('a'));
    expect(engine.find(room('a'))).toBeUndefined();
    expect(engine.subscribe(room('a')).position).toEqual({
      epoch: expect.not.stringMatching(epoch),
      offset: 0,
    });
  });

  it('has epochs that no other engine of the process has', () => {
    const epochs = [1, 2].map(() => {
      const engine = new MemoryEngine({ limits: DEFAULT_LIMITS, roomGraceMs: 0 });
      return engine.subscribe(room('a')).position.epoch;
    });
    expect(epochs[0]).not.toBe(epochs[1]);
  });

  it('keeps the epoch of a room in which nothing ever happened', () => {
    const engine = new MemoryEngine({ limits: DEFAULT_LIMITS, roomGraceMs: 0 });
    const { epoch } = engine.subscribe(room('a')).position;
    engine.unsubscribe(room('a'));
    expect(engine.subscribe(room('a')).position).toEqual({ epoch, offset: 0 });
  });

  it('counts publications that it does not keep', () => {
    const engine = new MemoryEngine({ limits: DEFAULT_LIMITS, roomGraceMs: 0, keepsHistory: false });
    const stored = engine.subscribe(room('a'));
    engine.publish(room('a'), draft('x'));
    engine.publish(room('a'), draft('y'));
    expect(stored.position.offset).toBe(2);
    expect(stored.first).toBe(3);
    expect(engine.history(room('a'), { limit: 10 })).toEqual([]);
  });

  it('keeps the state of rooms that nobody is in while all together are not too big', () => {
    const limits = { ...DEFAULT_LIMITS, memoryBytes: 6500 };
    const engine = new MemoryEngine({ limits, roomGraceMs: 60_000 });
    const fill = (name: string, bytes: number): unknown =>
      engine.change(room(name), { by: null, roomChanges: [{ key: 'k', value: 'x'.repeat(bytes) }] });
    for (const name of ['a', 'b', 'c']) fill(name, 1000);
    expect([...engine.names('rooms')]).toEqual(['b', 'c']);
    engine.subscribe(room('b'));
    fill('big', 4000);
    expect([...engine.names('rooms')]).toEqual(['b', 'big']);
  });

  it('counts what rooms, keys and ids take beside what was said', () => {
    const limits = { ...DEFAULT_LIMITS, memoryBytes: 1_000_000 };
    const engine = new MemoryEngine({ limits, roomGraceMs: 60_000 });
    for (let n = 0; n < 2000; n++) engine.change(room(`r${n}`), { by: null, roomChanges: [{ key: 'k' }] });
    expect([...engine.names('rooms')].length).toBeLessThan(700);
    engine.subscribe(room('busy'));
    for (let n = 0; n < 5000; n++) engine.publish(room('busy'), { ...draft(''), id: `id${n}` });
    expect([...engine.names('rooms')]).toEqual(['busy']);
    expect(engine.find(room('busy'))?.bytes).toBeLessThan(1_000_000);
    expect(engine.publish(room('busy'), { ...draft(''), id: 'id4999' }).offset).toBe(5000);
  });

  it('lets go of the longest empty rooms when memory runs out, then of what is oldest', () => {
    const limits = { ...DEFAULT_LIMITS, memoryBytes: 16_000 };
    const engine = new MemoryEngine({ limits, roomGraceMs: 60_000 });
    for (const name of ['a', 'b', 'c']) engine.publish(room(name), draft('x'.repeat(3000)));
    expect([...engine.names('rooms')]).toEqual(['a', 'b', 'c']);
    engine.subscribe(room('d'));
    engine.publish(room('d'), draft('x'.repeat(3000)));
    expect([...engine.names('rooms')]).toEqual(['b', 'c', 'd']);
    for (let n = 0; n < 5; n++) engine.publish(room('d'), draft('y'.repeat(3000)));
    expect([...engine.names('rooms')]).toEqual(['d']);
    expect(engine.history(room('d'), { limit: 10 })).toHaveLength(4);
    expect(engine.find(room('d'))?.position.offset).toBe(6);
  });
});
