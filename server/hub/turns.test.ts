import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('Turns', () => {
  it('runs a task at once when nobody is before it', () => {
    const turns = new Turns();
    expect(turns.take(() => 1)).toBe(1);
    expect(turns.isBusy).toBe(false);
  });

  it('runs tasks one after the other, those that fail too', async () => {
    const turns = new Turns();
    const ran: string[] = [];
    let open = (): void => {};
    const gate = new Promise<void>((resolve) => (open = resolve));
    const first = turns.take(async () => {
      await gate;
      ran.push('first');
      throw new Error('first failed');
    });
    const second = turns.take(() => ran.push('second'));
    const third = turns.take(async () => ran.push('third'));
    expect([ran, turns.isBusy]).toEqual([[], true]);
    open();
    await expect(first).rejects.toThrow('first failed');
    expect([await second, await third]).toEqual([2, 3]);
    expect(ran).toEqual(['first', 'second', 'third']);
    await Promise.resolve();
    expect(turns.isBusy).toBe(false);
    expect(turns.take(() => ran.length)).toBe(3);
  });
});
